import { RULES, type Rule } from '../engine/rules';
import { referenceOf, urlOf } from '../session/causes';
import { CliError, EXIT, type ExitCode, type Io } from './io';

/** `tcpscript explain`: what a rule, or every rule that rests on a requirement such as MUST-13, says. */
export function explainCommand({ rule }: { readonly rule: string }, io: Io): ExitCode {
  const wanted = rule.toLowerCase();
  const found = Object.entries<Rule>(RULES).filter(
    ([id, { requirement }]) => id === wanted || requirement?.toLowerCase() === wanted,
  );
  if (found.length === 0) {
    throw new CliError(`no rule is called '${rule}', and none rests on a requirement of this name`);
  }
  io.out(found.map(([id, entry]) => explanation(id, entry)).join('\n'));
  return EXIT.passed;
}

function explanation(id: string, entry: Rule): string {
  const place = [referenceOf(entry), entry.requirement].filter((part) => part !== null).join(', ');
  const url = urlOf(entry);
  const lines = [place === '' ? id : `${id} (${place})`, `  ${entry.text}`, ...(url === null ? [] : [`  ${url}`])];
  return `${lines.join('\n')}\n`;
}
