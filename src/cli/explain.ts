import { REQUIREMENT_IDS, readRequirementId } from '../engine/requirements';
import { RULES, type Rule } from '../engine/rules';
import { nearest } from '../script/distance';
import { referenceOf, urlOf } from '../session/causes';
import { highestNumber, type RequirementText, requirementText } from '../session/requirementTexts';
import { EXIT, type ExitCode, type Io } from './io';
import { printError } from './messages';

/**
 * `tcpscript explain`: what rules, or requirements of RFC 9293 such as MUST-13, say and where they are used. One that does
 * not exist is told of and does not hide the others.
 */
export function explainCommand({ rules }: { readonly rules: readonly string[] }, io: Io): ExitCode {
  const found: string[] = [];
  let code: ExitCode = EXIT.passed;
  for (const wanted of rules) {
    const explanation = explanationOf(wanted);
    if (explanation !== null) {
      found.push(explanation);
      continue;
    }
    printError(io, nothingFound(wanted));
    code = EXIT.usage;
  }
  if (found.length > 0) io.out(found.join('\n'));
  return code;
}

function explanationOf(wanted: string): string | null {
  const id = readRequirementId(wanted);
  if (id !== null) return requirementExplanation(requirementText(id));
  const name = wanted.toLowerCase();
  return isRule(name) ? `${ruleLines(name).join('\n')}\n` : null;
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
    ...(absent === null ? [] : [`  ${absent}`]),
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
