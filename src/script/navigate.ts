import { ACTOR_SEPARATOR, parseActor } from '../engine/actor';
import { type Expected, expectedAfter } from './expectations';
import { type Piece, pieceSpan, splitAtCommas } from './layout';
import { HOST_OPTIONS, LINK_OPTIONS, SET_OPTIONS } from './options';
import type { Block, Entry, ParsedScript } from './parse';
import { type LineRule, type Token, tokenize } from './parser';
import type { Span, Unit } from './program';
import { unitsExpected } from './unitPlaces';
import { lookUp, type VocabularyEntry, type WordCategory } from './vocabulary';

/** A word of the script and what it is where it stands. */
export interface WordAt {
  /** As written, such as `syn_sent` or `client.SND.NXT`. */
  readonly word: string;
  readonly span: Span;
  readonly kind: 'word' | 'host' | 'variable' | 'comment' | 'other';
  /** The host, for `host` and `variable`; null otherwise. */
  readonly host: string | null;
  /** The name behind the dot, for `variable`; null otherwise. */
  readonly name: string | null;
  /** What the vocabulary says about it, fittest first; several entries for flags such as `SYN-ACK`. */
  readonly entries: readonly VocabularyEntry[];
}

/** The innermost statement, head or option whose text touches a place; null between them. */
export function statementAt(parsed: ParsedScript, line: number, column: number): Entry | null {
  return findEntry(parsed.entries, line, column);
}

function findEntry(entries: readonly Entry[], line: number, column: number): Entry | null {
  for (const entry of entries) {
    const { piece, block } = entry;
    if (piece.line === line && column >= piece.column && column <= piece.column + piece.text.length) return entry;
    const inner = block === null ? null : findEntry(block.entries, line, column);
    if (inner !== null) return inner;
  }
  return null;
}

/** The word at a place (touching it counts); null where there is none. Lines and columns are 1-based. */
export function wordAt(parsed: ParsedScript, line: number, column: number): WordAt | null {
  const entry = statementAt(parsed, line, column);
  if (entry === null) return null;
  const { piece, rule } = entry;
  const { tokens } = tokenize(piece.text);
  const offset = column - piece.column;
  const index = tokens.findIndex(
    (token) => offset >= token.start && offset <= token.end && /[\p{L}\p{N}]/u.test(token.image),
  );
  const token = tokens[index];
  if (token === undefined) return null;
  const span: Span = { ...pieceSpan(piece), column: piece.column + token.start, endColumn: piece.column + token.end };
  const base = { word: token.image, span, host: null, name: null };
  if (token.type === 'VARIABLE') return variableAt(token, span, offset);
  if (token.type === 'ACTOR') return actorAt(token.image, span, offset - token.start);
  const expected = expectedAfter(rule, tokens.slice(0, index)).expected.filter((item) => item.token === token.type);
  if (expected.some(({ rules }) => HOST_RULES.has(rules[0] ?? ''))) {
    return { ...base, kind: 'host', host: token.image, entries: [] };
  }
  const entries = meaning(token, expected, parsed, entry);
  return { ...base, kind: entries.length > 0 ? 'word' : 'other', entries };
}

/** Of `server:bob` the host on whose side the place is. */
function actorAt(image: string, span: Span, offset: number): WordAt {
  const { host, peer } = parseActor(image);
  const isPeer = peer !== null && offset > host.length;
  const word = isPeer ? peer : host;
  const column = span.column + (isPeer ? host.length + 1 : 0);
  const own = { ...span, column, endColumn: column + word.length };
  return { word, span: own, kind: 'host', host: word, name: null, entries: [] };
}

function variableAt(token: Token, span: Span, offset: number): WordAt {
  const dot = token.image.indexOf('.');
  const at = offset - token.start;
  const actor = token.image.slice(0, dot);
  if (at < dot && actor.includes(ACTOR_SEPARATOR)) return actorAt(actor, { ...span, endColumn: span.column + dot }, at);
  const name = token.image.slice(dot + 1);
  const host = token.image.slice(0, dot);
  return { word: token.image, span, kind: 'variable', host, name, entries: lookUp(name, 'variable') };
}

function meaning(
  token: Token,
  expected: readonly Expected[],
  parsed: ParsedScript,
  entry: Entry,
): readonly VocabularyEntry[] {
  if (token.type === 'FLAGS') return token.image.split(/[-+,\s]+/).flatMap((flag) => lookUp(flag, 'flag'));
  if (token.type === 'ACK_FIELD') return lookUp('ack', 'field');
  if (token.type === 'NUMBER') return lookUp(/[%\p{L}]+$/u.exec(token.image)?.[0] ?? '', 'unit');
  const wanted = new Set(expected.flatMap(({ rules }) => rules.flatMap((rule) => CATEGORIES[rule] ?? [])));
  const owner = optionCategory(parsed, entry);
  const fit = lookUp(token.image, ...wanted).filter(
    ({ category }) => !category.endsWith('-option') || category === 'segment-option' || category === owner,
  );
  return fit.length > 0 ? fit : lookUp(token.image);
}

/** The rules of the grammar that name a host. */
const HOST_RULES: ReadonlySet<string> = new Set(['HostName', 'ActorName']);

/** Which kind of words stands in which rule of the grammar. */
const CATEGORIES: Readonly<Record<string, readonly WordCategory[]>> = {
  StateName: ['state'],
  OptionName: ['host-option', 'link-option', 'set-option'],
  OptionWord: ['value'],
  ReadMode: ['value'],
  UnitName: ['unit'],
  SegmentOption: ['segment-option'],
  ClassPart: ['segment-class'],
  FieldName: ['field'],
  ErrorName: ['error'],
  IcmpKindName: ['icmp-kind'],
  Action: ['verb', 'preposition'],
  HostTest: ['condition'],
  Fault: ['fault', 'preposition'],
};

/** What the options of a place belong to: a host, the link, or `H set`. */
export function optionCategory(parsed: ParsedScript, entry: Entry): 'host-option' | 'link-option' | 'set-option' {
  if (entry.rule === 'Statement') return entry.piece.text.startsWith('set') ? 'link-option' : 'set-option';
  const head = headOf(parsed.entries, entry);
  return head?.piece.text.startsWith('host') === true ? 'host-option' : 'link-option';
}

function headOf(entries: readonly Entry[], wanted: Entry): Entry | null {
  for (const entry of entries) {
    if (entry.block === null) continue;
    if (entry.block.entries.includes(wanted)) return entry;
    const inner = headOf(entry.block.entries, wanted);
    if (inner !== null) return inner;
  }
  return null;
}

/** What may come at a place, for completion. */
export interface CompletionContext {
  /** The part of a word before the place, which the completion replaces; with the host for `client.SN`. */
  readonly prefix: string;
  readonly prefixSpan: Span;
  /** Keywords that may come, in the order of the grammar. */
  readonly keywords: readonly string[];
  /** Names that may come. */
  readonly wants: readonly CompletionWant[];
  /** The option whose value may come, for `option-value`; null where it is no option's. */
  readonly option: string | null;
  /** What the number before the place may count, for `unit`. */
  readonly units: readonly Unit[];
}

/** A kind of name that may come at a place. `variable` wants the name behind `host.`; `host-variable` wants `client.` first. */
/** `actor` wants the host behind `host:` that a connection is with. */
export type CompletionWant =
  | 'host'
  | 'actor'
  | 'new-host'
  | 'state'
  | 'flags'
  | 'variable'
  | 'host-variable'
  | 'host-option'
  | 'link-option'
  | 'set-option'
  | 'option-value'
  | 'unit'
  | 'segment-option'
  | 'error'
  | 'icmp-kind'
  | 'number'
  | 'text'
  | 'address'
  | 'ordinal';

/** What may be typed at a place. Lines and columns are 1-based; nothing in comments and strings. */
export function contextAt(parsed: ParsedScript, line: number, column: number): CompletionContext {
  const { piece, rule, owner } = pieceBefore(parsed, line, column);
  const before = piece.text;
  const prefix = /[\p{L}_][\p{L}\p{N}\p{M}_.:-]*$/u.exec(before)?.[0] ?? '';
  const prefixSpan: Span = { line, column: column - prefix.length, endLine: line, endColumn: column };
  const nothing: CompletionContext = { prefix, prefixSpan, keywords: [], wants: [], option: null, units: [] };
  if (inCommentOrString(parsed, line, column)) return nothing;
  const { tokens } = tokenize(before.slice(0, before.length - prefix.length));
  const { expected } = expectedAfter(rule, tokens);
  const keywords = expected.flatMap((item) => keywordOf(item));
  const wants = new Set<CompletionWant>();
  for (const item of expected) {
    const want = wantOf(item, rule === 'Option' ? owner : before.startsWith('set') ? 'link-option' : 'set-option');
    if (want !== null) wants.add(want);
  }
  if (/^host\s+$/.test(before.slice(0, before.length - prefix.length))) {
    wants.delete('host');
    wants.add('new-host');
  }
  if (prefix.includes(ACTOR_SEPARATOR) && !prefix.includes('.')) {
    const fits = expected.some(({ rules }) => rules[0] === 'ActorName');
    return { ...nothing, wants: fits || wants.has('host-variable') ? ['actor'] : [] };
  }
  if (prefix.includes('.')) {
    const variable = wants.has('host-variable');
    return { ...nothing, wants: variable ? ['variable'] : [] };
  }
  const last = tokens.at(-1);
  if (rule === 'Option' && last !== undefined && (HOST_OPTIONS.has(last.image) || LINK_OPTIONS.has(last.image)))
    wants.add('option-value');
  if (SET_OPTIONS.has(last?.image ?? '') && /\bset\b/.test(before)) wants.add('option-value');
  return {
    prefix,
    prefixSpan,
    keywords: keywords.filter((word) => rule === 'Statement' || !OPTION_KEYWORDS.has(word)),
    wants: [...wants],
    option: last?.image ?? null,
    units: unitsExpected(expected, tokens),
  };
}

/** The keyword itself. `ack` is a terminal, told apart from the flag by the number behind it; states and units are names. */
function keywordOf({ token, keyword, rules }: Expected): readonly string[] {
  if (token === 'ACK_FIELD') return ['ack'];
  if (rules[0] === 'StateName' || rules[0] === 'UnitName') return [];
  return keyword && /^[A-Za-z]/.test(token) ? [token] : [];
}

/** Option names that are keywords of the grammar elsewhere: completion offers them as options. */
const OPTION_KEYWORDS: ReadonlySet<string> = new Set(['read', 'delay', 'duplicate', 'reorder', 'corrupt']);

function wantOf(item: Expected, options: CompletionWant): CompletionWant | null {
  if (item.token === 'WORD')
    return WORD_WANTS[item.rules[0] ?? ''] ?? (item.rules[0] === 'OptionName' ? options : null);
  return TOKEN_WANTS[item.token] ?? null;
}

const WORD_WANTS: Readonly<Record<string, CompletionWant>> = {
  HostName: 'host',
  ActorName: 'host',
  StateName: 'state',
  OptionWord: 'option-value',
  ReadMode: 'option-value',
  UnitName: 'unit',
  SegmentOption: 'segment-option',
  ErrorName: 'error',
  IcmpKindName: 'icmp-kind',
};

const TOKEN_WANTS: Readonly<Record<string, CompletionWant>> = {
  FLAGS: 'flags',
  VARIABLE: 'host-variable',
  NUMBER: 'number',
  QUOTED: 'text',
  ADDRESS: 'address',
  ORDINAL: 'ordinal',
};

/** The text of the statement or option at a place, up to the place; empty where a new one would begin. */
function pieceBefore(
  parsed: ParsedScript,
  line: number,
  column: number,
): { piece: Piece; rule: LineRule; owner: CompletionWant } {
  const empty: Piece = { text: '', line, column, unclosedString: null };
  let found: Piece = empty;
  for (const mark of parsed.marks) {
    const at = mark.kind === 'piece' ? mark.piece : mark;
    if (at.line !== line || at.column >= column) continue;
    found = mark.kind === 'piece' ? mark.piece : empty;
  }
  const head = innermostHead(parsed.entries, line, column);
  const rule = head?.block?.rule ?? 'Statement';
  const owner = head?.piece.text.startsWith('host') === true ? 'host-option' : 'link-option';
  const raw = (parsed.lines[line - 1] ?? '').slice(found.column - 1, column - 1);
  if (rule === 'Statement' || found === empty)
    return { piece: { ...found, text: found === empty ? '' : raw }, rule, owner };
  const last = /,\s*$/.test(raw) ? undefined : splitAtCommas({ ...found, text: raw }).at(-1);
  const text = last === undefined ? '' : raw.slice(last.column - found.column);
  return { piece: { ...empty, text }, rule, owner };
}

function innermostHead(entries: readonly Entry[], line: number, column: number): Entry | null {
  for (const entry of entries) {
    if (entry.block === null || !isInside(entry.block, line, column)) continue;
    return innermostHead(entry.block.entries, line, column) ?? entry;
  }
  return null;
}

function isInside({ open, close }: Block, line: number, column: number): boolean {
  const after = line > open.line || (line === open.line && column >= open.endColumn);
  return after && (close === null || line < close.line || (line === close.line && column <= close.column));
}

function inCommentOrString(parsed: ParsedScript, line: number, column: number): boolean {
  if (parsed.comments.some((comment) => comment.line === line && column > comment.column)) return true;
  const before = (parsed.lines[line - 1] ?? '').slice(0, column - 1).replace(/\\./g, '');
  return before.split('"').length % 2 === 0;
}
