import { STATES } from '../engine/states';
import { codePointText, diagnose, didYouMean, listWords } from './diagnostics';
import type { Diagnostic } from './diagnosticTypes';
import { nearest } from './distance';
import { type Expected, expectedAfter, firstMisfit } from './expectations';
import { formatLine } from './formatLine';
import { lineSpan, type Piece } from './layout';
import { HOST_OPTIONS, LINK_OPTIONS } from './options';
import { type LineRule, parseLine, type Token, tokenize } from './parser';
import type { Span } from './program';
import { UNITS, WORDS_BEHIND_NUMBERS } from './units';
import { FLAG_WORDS, NOT_YET } from './words';

/** A line that does not fit the grammar, with the place up to which it did. */
interface Misfit {
  readonly piece: Piece;
  readonly tokens: readonly Token[];
  /** The first token that does not fit; `tokens.length` when the line ends too soon. */
  readonly index: number;
  readonly expected: readonly Expected[];
}

/** What is wrong with a line that the grammar does not accept, in a student's words: one diagnostic at the first place that does not fit. */
export function syntaxProblem(piece: Piece, rule: LineRule): Diagnostic {
  const { tokens, unreadable } = tokenize(piece.text);
  const { index, expected } = firstMisfit(rule, tokens);
  const at = tokens[index]?.start ?? piece.text.length;
  if (unreadable !== null && unreadable <= at) return unreadableProblem(piece, unreadable);
  const misfit: Misfit = { piece, tokens, index, expected };
  const special = rule === 'Statement' ? (statementProblem(misfit) ?? lateFieldProblem(misfit)) : null;
  return special ?? generalProblem(misfit);
}

function unreadableProblem(piece: Piece, offset: number): Diagnostic {
  const character = String.fromCodePoint(piece.text.codePointAt(offset) ?? 0);
  const span = lineSpan(piece.line, piece.column + offset, piece.column + offset + character.length);
  if (character === '?') return diagnose('not-yet', span, ['?']);
  // A combining mark would be drawn over the quotation mark before it.
  return diagnose('unexpected-character', span, [/^\p{M}/u.test(character) ? codePointText(character) : character]);
}

function tokenSpan(piece: Piece, token: Token): Span {
  return lineSpan(piece.line, piece.column + token.start, piece.column + token.end);
}

/** What goes wrong at the beginning of a statement, where the words before tell most about what was meant. */
function statementProblem(misfit: Misfit): Diagnostic | null {
  const { piece, tokens, index } = misfit;
  const [first, second] = tokens;
  if (first === undefined || index > 1) return null;
  const known = ownWord(piece, first);
  if (known !== null) return known;
  if (first.type === 'host' && second !== undefined && /^[a-z]+$/i.test(second.type)) {
    if (second.type === second.image || second.type === 'FLAGS') {
      return diagnose('reserved-word', tokenSpan(piece, second), [second.image]);
    }
  }
  if (first.type !== 'WORD' && first.type !== 'ACTOR') return null;
  if (second === undefined) return firstWordProblem(misfit, first);
  if (HOST_TESTS.has(second.image)) {
    const span = lineSpan(piece.line, piece.column, piece.column + piece.text.length);
    return diagnose('missing-expect', span, [piece.text], [`expect ${piece.text}`]);
  }
  const verb = nearest(second.image, verbs());
  if (verb !== null) return unknownWord(piece, second, verb, '');
  return firstWordProblem(misfit, first);
}

const HOST_TESTS: ReadonlySet<string> = new Set(['is', 'sent', 'received', 'error']);

/** A first word that belongs somewhere else: to a later version, or into the braces of `host` or `link`. */
function ownWord(piece: Piece, first: Token): Diagnostic | null {
  const span = tokenSpan(piece, first);
  if (NOT_YET.has(first.image)) return diagnose('not-yet', span, [first.image]);
  if (first.type !== 'WORD' && !OPTION_KEYWORDS.has(first.image)) return null;
  if (HOST_OPTIONS.has(first.image)) return diagnose('option-outside', span, [first.image, '`host NAME { }`']);
  if (first.type === 'WORD' && LINK_OPTIONS.has(first.image)) {
    return diagnose('option-outside', span, [first.image, '`link { }`']);
  }
  return null;
}

const OPTION_KEYWORDS: ReadonlySet<string> = new Set(['read', 'mtu']);

const STARTS = 'A line begins with a statement such as `drop`, `expect` or `wait`, or with a host such as `client`.';

function firstWordProblem(misfit: Misfit, first: Token): Diagnostic {
  const { piece, tokens, index } = misfit;
  const statement = nearest(first.image, statementWords());
  const isUsualHost = first.image === 'client' || first.image === 'server';
  if (statement !== null && !isUsualHost) return unknownWord(piece, first, statement, '');
  const doing = `A host can ${listWords(verbs(), 20)}.`;
  const culprit = tokens[index];
  if (culprit === undefined) return incomplete(misfit, doing);
  if (isUsualHost) return unknownWord(piece, culprit, null, doing);
  return unknownWord(piece, first, null, STARTS);
}

/** The words after which `inject` takes no more of its segment. */
const TAIL_WORDS: ReadonlySet<string> = new Set(['spoof', 'to']);

/** The tokens with which a part of a segment begins. */
const SEGMENT_STARTS: ReadonlySet<string> = new Set([
  'FLAGS',
  'data',
  'any',
  'NUMBER',
  'QUOTED',
  'seq',
  'ACK_FIELD',
  'win',
  'len',
  'up',
  '<',
]);

/** `inject RST spoof client seq 5`: the same line with the field where it belongs is the remedy. */
function lateFieldProblem({ piece, tokens, index }: Misfit): Diagnostic | null {
  const tail = tokens.findIndex(({ type }) => TAIL_WORDS.has(type));
  const from = tokens[tail];
  const isLate = tokens[1]?.type === 'inject' && from !== undefined && tail < index;
  if (!isLate || !SEGMENT_STARTS.has(tokens[index]?.type ?? '')) return null;
  const { fields, tails } = sortedTail(piece, tokens.slice(tail));
  const mended = [...fields, ...tails].join(' ');
  const line = piece.text.slice(0, from.start) + mended;
  const parse = parseLine(line, 'Statement');
  if (!parse.ok) return null;
  const span = lineSpan(piece.line, piece.column + from.start, piece.column + piece.text.length);
  return diagnose('late-field', span, [fields.join(' '), formatLine(line, parse.node)], [mended]);
}

/** The texts from `spoof` or `to` on: what is said of the segment, and the two words with their hosts. */
function sortedTail(piece: Piece, tokens: readonly Token[]): { fields: readonly string[]; tails: readonly string[] } {
  const fields: string[] = [];
  const tails: string[] = [];
  for (let at = 0; at < tokens.length; ) {
    const isTail = TAIL_WORDS.has(tokens[at]?.type ?? '');
    let end = at + 1;
    if (isTail) end++;
    else while (end < tokens.length && !TAIL_WORDS.has(tokens[end]?.type ?? '')) end++;
    const text = piece.text.slice(tokens[at]?.start, tokens[end - 1]?.end);
    (isTail ? tails : fields).push(text);
    at = end;
  }
  return { fields, tails };
}

function unknownWord(piece: Piece, token: Token, near: string | null, fallback: string): Diagnostic {
  const hint = didYouMean(near, fallback);
  return diagnose('unknown-word', tokenSpan(piece, token), [token.image, hint], near === null ? [] : [near]);
}

function incomplete({ piece, tokens }: Misfit, hint: string): Diagnostic {
  const last = tokens.at(-1);
  const end = piece.column + piece.text.length;
  const column = piece.column + (last?.start ?? 0);
  return diagnose('incomplete-line', lineSpan(piece.line, column, end), [last?.image ?? piece.text, `. ${hint}`]);
}

function hintFor({ index, expected }: Misfit): string {
  if (expected.length === 0) return '';
  if (index === 0 && expected.some(({ rules }) => rules.includes('HostStatement'))) return STARTS;
  return `What fits here: ${describeExpected(expected)}.`;
}

/** A misfit anywhere in a line: told by what would have fitted. */
function generalProblem(misfit: Misfit): Diagnostic {
  const { piece, tokens, index, expected } = misfit;
  const token = tokens[index];
  const hint = hintFor(misfit);
  if (token === undefined) return incomplete(misfit, hint);
  const next = tokens[index + 1];
  if (token.image === '-' && next?.type === 'NUMBER' && expected.some((item) => item.token === 'NUMBER')) {
    const span = lineSpan(piece.line, piece.column + token.start, piece.column + next.end);
    return diagnose('negative-number', span, [`-${next.image}`]);
  }
  if (/^[\p{L}_]/u.test(token.image)) return misfitWord(misfit, token, hint);
  if (expected.some((item) => item.token === 'ADDRESS')) {
    return diagnose('bad-address', tokenSpan(piece, token), [token.image]);
  }
  const where = index === 0 ? 'at the beginning of a line' : `after \`${tokens[index - 1]?.image ?? ''}\``;
  return diagnose('unexpected-word', tokenSpan(piece, token), [token.image, where, hint === '' ? '.' : `. ${hint}`]);
}

function misfitWord({ piece, tokens, index, expected }: Misfit, token: Token, hint: string): Diagnostic {
  const wantsFlags = expected.some((item) => item.token === 'FLAGS');
  const run = wantsFlags ? (/^\S+/.exec(piece.text.slice(token.start))?.[0] ?? token.image) : token.image;
  const whole: Token = { ...token, image: run, end: token.start + run.length };
  const unit = tokens[index - 1];
  if (
    token.type === 'WORD' &&
    unit?.type === 'WORD' &&
    tokens[index - 2]?.type === 'NUMBER' &&
    !UNITS.has(unit.image)
  ) {
    return unknownWord(piece, unit, nearest(unit.image, WORDS_BEHIND_NUMBERS), 'After a number comes its unit.');
  }
  const near = nearest(run, candidates(expected));
  if (near !== null && near !== run) return unknownWord(piece, whole, near, '');
  if (expected.some((item) => item.token === 'ADDRESS')) {
    return diagnose('bad-address', tokenSpan(piece, token), [token.image]);
  }
  if (token.type === 'WORD') return unknownWord(piece, token, null, hint);
  const where = index === 0 ? 'at the beginning of a line' : `after \`${tokens[index - 1]?.image ?? ''}\``;
  return diagnose('unexpected-word', tokenSpan(piece, token), [token.image, where, hint === '' ? '.' : `. ${hint}`]);
}

/** Words that can be meant where these tokens are expected. */
function candidates(expected: readonly Expected[]): readonly string[] {
  return expected.flatMap((item) => {
    if (item.keyword) return [item.token];
    if (item.token === 'FLAGS') return FLAG_WORDS;
    if (item.rules[0] === 'StateName') return STATES;
    return [];
  });
}

/** What a terminal is, in words; for WORD, by the rule in which it stands. */
const TERMINALS: Readonly<Record<string, string>> = {
  QUOTED: 'a text in quotation marks',
  ADDRESS: 'an address such as 10.0.0.1:80',
  ORDINAL: 'an ordinal such as `3rd`',
  NUMBER: 'a number with its unit',
  ACK_FIELD: '`ack` with a number',
  FLAGS: 'flags such as `SYN-ACK`',
  VARIABLE: 'a variable such as `client.SND.NXT`',
  HostName: 'the name of a host',
  ACTOR: 'the name of a host',
  ActorName: 'the name of a host',
  StateName: 'a state such as `ESTABLISHED`',
  OptionName: 'an option',
  OptionWord: 'a value',
  SegmentOption: 'a TCP option such as `mss 1460`',
  ReadMode: '`off`',
  ErrorName: 'an error such as `reset`',
  IcmpKindName: 'an ICMP error message such as `host-unreachable`',
};

/** The most possibilities that a message lists. */
const MAX_LISTED = 12;

/** What may come here, in words: `a number with its unit`, `` `until` ``. */
export function describeExpected(expected: readonly Expected[]): string {
  const phrases = new Set(
    expected.map((item) => {
      if (item.rules[0] === 'UnitName') return 'a unit';
      if (item.keyword) return `\`${item.token}\``;
      return TERMINALS[item.token] ?? TERMINALS[item.rules[0] ?? ''] ?? 'a word';
    }),
  );
  const list = [...phrases];
  if (list.length > MAX_LISTED) return `${list.slice(0, MAX_LISTED).join(', ')}, …`;
  const last = list.pop() ?? '';
  return list.length === 0 ? last : `${list.join(', ')} or ${last}`;
}

let statementWordsCache: readonly string[] | null = null;

/** The words that statements begin with. */
export function statementWords(): readonly string[] {
  statementWordsCache ??= expectedAfter('Statement', []).expected.flatMap((item) => (item.keyword ? [item.token] : []));
  return statementWordsCache;
}

let verbsCache: readonly string[] | null = null;

/** The verbs that come after a host. */
export function verbs(): readonly string[] {
  const host: Token = { type: 'WORD', image: 'client', start: 0, end: 6 };
  verbsCache ??= expectedAfter('Statement', [host]).expected.flatMap((item) => (item.keyword ? [item.token] : []));
  return verbsCache;
}
