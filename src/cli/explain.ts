import { REQUIREMENT_IDS, readRequirementId } from '../engine/requirements';
import { RULES, type Rule } from '../engine/rules';
import { nearest } from '../script/distance';
import { referenceOf, urlOf } from '../session/causes';
import { highestNumber, type RequirementText, requirementText } from '../session/requirementTexts';
import { CliError, EXIT, type ExitCode, type Io } from './io';

/** `tcpscript explain`: what a rule, or a requirement of RFC 9293 such as MUST-13, says and where it is used. */
export function explainCommand({ rule: wanted }: { readonly rule: string }, io: Io): ExitCode {
  const id = readRequirementId(wanted);
  const name = wanted.toLowerCase();
  if (id !== null) io.out(requirementExplanation(requirementText(id)));
  else if (isRule(name)) io.out(`${ruleLines(name).join('\n')}\n`);
  else throw new CliError(nothingFound(wanted));
  return EXIT.passed;
}

function isRule(name: string): name is keyof typeof RULES {
  return Object.hasOwn(RULES, name);
}

function nothingFound(wanted: string): string {
  const [, prefix] = /^(MUST|SHLD|SHOULD|MAY|REC)[\s_-]*\d+$/i.exec(wanted.trim()) ?? [];
  const known = prefix?.toUpperCase().replace('SHOULD', 'SHLD');
  if (known !== undefined) {
    const most = highestNumber(known);
    return `RFC 9293 has no requirement '${wanted}': there ${most === 1 ? `is only ${known}-1` : `are ${known}-1 to ${known}-${most}`}`;
  }
  const near = nearest(wanted, [...Object.keys(RULES), ...REQUIREMENT_IDS]);
  const hint =
    near === null ? "try a rule such as 'open-active', or a requirement such as 'MUST-13'" : `did you mean '${near}'?`;
  return `no rule and no requirement is called '${wanted}'; ${hint}`;
}

function ruleLines(id: keyof typeof RULES): string[] {
  const entry: Rule = RULES[id];
  const place = [referenceOf(entry), entry.requirement].filter((part) => part !== null).join(', ');
  const url = urlOf(entry);
  return [place === '' ? id : `${id} (${place})`, `  ${entry.text}`, ...(url === null ? [] : [`  ${url}`])];
}

function requirementExplanation(found: RequirementText): string {
  const { id, level, reference, text, url, absent, rules, scripts, checks, examples } = found;
  const lines = [
    `${id} (${reference}, ${level})`,
    `  ${text}`,
    `  ${url}`,
    ...(absent === null ? [] : [`  Not part of this simulation: ${absent}`]),
    ...listed('Rules of the engine that rest on it:', rules.map(ruleOfRequirement)),
    ...listed('Shown by:', [
      ...scripts.map((name) => `test/rfc/${name}`),
      ...checks.map((title) => `a unit test: ${title}`),
    ]),
    ...listed(
      'Examples in which it decides something:',
      examples.map((name) => `examples/${name}`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function ruleOfRequirement(id: keyof typeof RULES): string {
  return `${id}: ${RULES[id].text}`;
}

function listed(title: string, rows: readonly string[]): string[] {
  return rows.length === 0 ? [] : ['', `  ${title}`, ...rows.map((row) => `    ${row}`)];
}
