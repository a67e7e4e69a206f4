import type { Diagnostic, Severity } from './diagnosticTypes';
import type { Span } from './program';

/** One kind of remark: how bad it is, and the sentence that it makes of its arguments. */
interface DiagnosticKind<Arguments extends readonly string[]> {
  readonly severity: Severity;
  readonly message: (...args: Arguments) => string;
}

function error<A extends readonly string[]>(message: (...args: A) => string): DiagnosticKind<A> {
  return { severity: 'error', message };
}

function warning<A extends readonly string[]>(message: (...args: A) => string): DiagnosticKind<A> {
  return { severity: 'warning', message };
}

/** Every diagnostic of reading and compiling a script, by its stable id. */
export const DIAGNOSTICS = {
  // The file as a whole.
  'empty-script': error(
    () => 'There is nothing to run here yet. Write a line such as `server listen`, then `client send SYN`.',
  ),
  'binary-file': error(
    (what: string) => `This file ${what}, so it can not be read as a script. A script is plain text: save it as UTF-8.`,
  ),
  'too-many-lines': error((max: string) => `A script has at most ${max} lines; nothing from here on is read.`),
  'too-many-problems': error(
    (max: string) => `There are more than ${max} problems; the rest is not listed. Mend some of these first.`,
  ),
  'line-too-long': error(
    (max: string) => `This line is longer than ${max} characters and is not read. Split it into several lines.`,
  ),
  'line-too-complex': error(
    (max: string) => `This line has more than ${max} words and signs and is not read. Split it into several lines.`,
  ),
  'too-many-parentheses': error(
    (max: string) => `This line has more than ${max} parentheses and is not read. Split the check into several lines.`,
  ),

  // The shape of lines and blocks.
  'unknown-word': error((word: string, hint: string) => `I do not know the word \`${word}\`${hint}`),
  'unexpected-word': error((word: string, where: string, hint: string) => `\`${word}\` does not fit ${where}${hint}`),
  'incomplete-line': error((after: string, hint: string) => `Something is missing after \`${after}\`${hint}`),
  'unexpected-character': error((character: string) => `The character \`${character}\` means nothing here.`),
  'unclosed-string': error(() => 'This text has no closing quotation mark `"` on its line.'),
  'bad-escape': error((written: string) => `\`${written}\` is no escape: use \\n, \\r, \\t, \\0, \\", \\\\ or \\x41.`),
  'unclosed-brace': error(() => 'This `{` has no closing `}`.'),
  'unexpected-brace': error(() => 'This `}` closes nothing: there is no open `{` before it.'),
  'brace-without-head': error((heads: string) => `A \`{\` belongs behind ${heads}, not here.`),
  'missing-block': error(
    (head: string, example: string) => `\`${head}\` needs the lines that it is about in braces, such as ${example}.`,
  ),
  'too-deep': error((max: string) => `Blocks are nested more than ${max} deep here.`),
  'reserved-word': error(
    (word: string) =>
      `\`${word}\` is a word of the language, so it can not be the name of a host. Choose another name.`,
  ),
  'not-yet': error((word: string) => `\`${word}\` is not part of this version of the language.`),
  'missing-expect': error((text: string) => `To check something, write \`expect\` before it: \`expect ${text}\`.`),
  'option-outside': error(
    (word: string, owner: string) => `\`${word}\` is an option and belongs in the braces of ${owner}.`,
  ),
  'negative-number': error(
    (number: string) => `\`${number}\` is negative; what is counted here can not be less than 0.`,
  ),
  'misplaced-declaration': error(
    (word: string) => `\`${word}\` declares something for the whole scenario and can not stand inside a block.`,
  ),
  'single-equals': error(() => 'Write `==` to compare.'),
  'no-comparison': error(
    (text: string, noun: string) =>
      `\`${text}\` is ${noun}, which is neither true nor false: compare it with another by \`==\`, \`<\` or \`>\`.`,
  ),

  // Names.
  'unknown-host': error((name: string, hint: string) => `There is no host \`${name}\`${hint}`),
  'duplicate-host': error((name: string, line: string) => `The host \`${name}\` is already declared on line ${line}.`),
  'bad-host-name': error(
    (name: string) => `\`${name}\` can not be the name of a host: it is longer than 64 characters.`,
  ),
  'too-many-hosts': error((max: string) => `A scenario has at most ${max} hosts.`),
  'talks-to-itself': error((name: string) => `\`${name}\` can not talk to itself: name another host.`),
  'other-peer': error(
    (actor: string, named: string, other: string) =>
      `\`${actor}\` is the connection with \`${named}\`, so it can not connect to \`${other}\`.`,
  ),
  'which-host': error((choices: string) => `There are several hosts, so say which one: \`to\` ${choices}.`),
  'no-other-host': error(
    (name: string) =>
      `There is no other host that \`${name}\` could connect to. Declare one, such as \`host server at 10.0.0.2:80\`.`,
  ),
  'bad-address': error(
    (address: string) =>
      `\`${address}\` is not an IP address. Write four numbers from 0 to 255, such as 10.0.0.1:80, or IPv6, such as [2001:db8::1]:80.`,
  ),
  'bad-port': error((port: string) => `The port ${port} does not exist: ports go from 1 to 65535.`),
  'duplicate-address': error(
    (address: string, host: string) =>
      `The address ${address} already belongs to \`${host}\`: each host needs its own, or at least a port of its own.`,
  ),
  'mixed-addresses': error(
    (address: string) =>
      `${address} is of another IP version than the hosts before it: all hosts of a scenario use IPv4, or all use IPv6.`,
  ),
  'unknown-state': error((name: string, hint: string) => `\`${name}\` is not a state of a TCP connection${hint}`),
  'unknown-option': error((name: string, owner: string, hint: string) => `${owner} has no option \`${name}\`${hint}`),
  'bad-option-value': error((name: string, wanted: string) => `The option \`${name}\` takes ${wanted}.`),
  'unknown-variable': error((name: string, hint: string) => `\`${name}\` is not a variable of a TCP connection${hint}`),
  'unknown-error': error(
    (name: string, names: string) => `\`${name}\` is not an error that a connection reports. These are: ${names}.`,
  ),
  'duplicate-scenario': warning(
    (title: string, line: string) =>
      `Line ${line} already has a scenario called "${title}"; give this one a title of its own.`,
  ),
  'empty-scenario': warning(() => 'Nothing happens in this scenario: it has no statements.'),

  // Numbers and units.
  'unknown-unit': error((unit: string, hint: string) => `\`${unit}\` is not a unit${hint}`),
  'wrong-unit': error((number: string, is: string, wanted: string) => `\`${number}\` is ${is}, but ${wanted}.`),
  'missing-unit': error(
    (number: string, examples: string) => `${number} of what? Write the unit with the number, such as ${examples}.`,
  ),
  'not-whole': error((number: string, of: string) => `\`${number}\` is not a whole number of ${of}.`),
  'division-by-zero': error((text: string) => `\`${text}\` divides by zero, which gives no number.`),
  'out-of-range': error(
    (what: string, number: string, least: string, most: string, hint: string) =>
      `${what} goes from ${least} to ${most}; \`${number}\` is outside.${hint === '' ? '' : ` ${hint}`}`,
  ),
  'unit-mismatch': error(
    (left: string, right: string) => `This compares or combines ${left} with ${right}, which can not be compared.`,
  ),

  // Segments, faults and conditions.
  'said-twice': error((what: string) => `${what} is said twice here; say it once.`),
  'two-option-lists': error((one: string) => `The TCP options of a segment stand in one list: write \`${one}\`.`),
  'late-field': error(
    (field: string, rightly: string) =>
      `\`${field}\` is a part of the segment and stands before \`spoof\` and \`to\`: write \`${rightly}\`.`,
  ),
  'empty-segment': error(
    (verb: string) => `Say which segment \`${verb}\` means, such as \`SYN\`, \`1000 bytes\` or \`ACK ack 1001\`.`,
  ),
  contradiction: error(
    (left: string, right: string) => `\`${left}\` and \`${right}\` contradict each other in one segment.`,
  ),
  'vague-segment': error(
    (word: string) => `\`inject\` builds one exact segment, so \`${word}\` is too vague; name its flags or its length.`,
  ),
  'unknown-segment-option': error(
    (name: string, hint: string) => `\`${name}\` is not a TCP option of a segment${hint}`,
  ),
  'unknown-icmp': error((name: string, hint: string) => `\`${name}\` is not an ICMP error message${hint}`),
  'icmp-takes-no-mtu': error(
    (kind: string) => `Only \`fragmentation-needed\` tells an MTU; \`${kind}\` has no room for one.`,
  ),
  'icmp-fault': error(
    (fault: string) => `The network can \`drop\` or \`delay\` ICMP messages; \`${fault}\` is for segments only.`,
  ),
  'fault-needs': error((fault: string, example: string) => `\`${fault}\` needs to be told more: ${example}.`),
  'fault-takes-no': error(
    (fault: string, word: string, owner: string) => `\`${fault}\` takes no \`${word}\`; that belongs to \`${owner}\`.`,
  ),
  'one-direction': error(
    (word: string) =>
      `\`${word}\` is about one direction: write it with an arrow, such as \`${word} client -> server\`.`,
  ),
  'link-says-nothing': error(
    () => 'Say what the link is like, such as `link { delay 20ms }`, or `link down`, or `link up`.',
  ),
  'link-and-block': error(
    () => 'Say either `link up` or `link down`, or what the link is like in braces, not both in one line.',
  ),
} as const;

/** The stable id of a diagnostic, such as `unknown-word`. */
export type DiagnosticId = keyof typeof DIAGNOSTICS;

/** A diagnostic of the table with its sentence filled in. `suggestions` are replacements of the whole span. */
export function diagnose<Id extends DiagnosticId>(
  id: Id,
  span: Span,
  args: Parameters<(typeof DIAGNOSTICS)[Id]['message']>,
  suggestions: readonly string[] = [],
): Diagnostic {
  const kind: { readonly severity: Severity; readonly message: (...args: never) => string } = DIAGNOSTICS[id];
  const message = visible(kind.message(...(args as never)));
  return suggestions.length === 0
    ? { id, severity: kind.severity, span, message }
    : { id, severity: kind.severity, span, message, suggestions };
}

/** Characters without a shape of their own, and those that change the shape or the order of their neighbours. */
const INVISIBLE = /(?![ \t\u00a0])[\p{C}\p{Z}]/gu;

/** The same text with a number, such as U+2028, in place of each character that nobody would see. */
function visible(text: string): string {
  return text.replace(INVISIBLE, codePointText);
}

/** The number of a character as Unicode writes it: `U+200D`. */
export function codePointText(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** `. Did you mean …?` for a near word, else the fallback sentence, else just a full stop. */
export function didYouMean(near: string | null, fallback = ''): string {
  if (near !== null) return `. Did you mean \`${near}\`?`;
  return fallback === '' ? '.' : `. ${fallback}`;
}

/** `a`, `b` or `c`, each in backticks; at most `max` of them, then an ellipsis. */
export function listWords(words: readonly string[], max = 12): string {
  const shown = words.slice(0, max).map((word) => `\`${word}\``);
  if (words.length > max) return `${shown.join(', ')}, …`;
  const last = shown.pop();
  if (last === undefined) return '';
  return shown.length === 0 ? last : `${shown.join(', ')} or ${last}`;
}
