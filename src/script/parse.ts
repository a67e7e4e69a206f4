import { diagnose, listWords } from './diagnostics';
import type { Diagnostic } from './diagnosticTypes';
import {
  type Comment,
  LINE_END,
  layoutScript,
  lineSpan,
  MAX_LINE_LENGTH,
  MAX_LINES,
  type Mark,
  type Piece,
  pieceSpan,
  splitAtCommas,
} from './layout';
import { type LineParse, type LineRule, parseLine } from './parser';
import type { Span } from './program';
import { syntaxProblem } from './syntaxProblem';

/** One statement, block head or option, as far as it was understood, and the block behind it. */
export interface Entry {
  readonly piece: Piece;
  readonly rule: LineRule;
  /** `ok: false` for a broken line; its diagnostic is in the list of the script. */
  readonly parse: LineParse;
  readonly block: Block | null;
}

/** What stands between `{` and `}`. */
export interface Block {
  readonly open: Span;
  /** null when the closing brace is missing. */
  readonly close: Span | null;
  readonly rule: LineRule;
  readonly entries: readonly Entry[];
}

/** A text, read: statements with their places, comments, and what is wrong with it. Never fails. */
export interface ParsedScript {
  readonly text: string;
  readonly lines: readonly string[];
  readonly entries: readonly Entry[];
  readonly comments: readonly Comment[];
  /** The pieces and braces of the lines, in order: what the formatter puts together again. */
  readonly marks: readonly Mark[];
  /** What is wrong with the shape of the script, in the order of the lines. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Deepest nesting of blocks. */
export const MAX_DEPTH = 16;
/** Most words and signs of one line. */
export const MAX_WORDS = 256;
/** Most parentheses of one line: each may open a condition or an expression, and all ways to read them are tried. */
export const MAX_PARENTHESES = 20;
/** Most problems that are listed. */
export const MAX_PROBLEMS = 1_000;

interface OpenBlock {
  readonly open: Span;
  readonly rule: LineRule;
  /** null for a brace that stands behind nothing: its lines join those around it. */
  readonly head: MutableEntry | null;
  readonly entries: MutableEntry[];
}

type MutableEntry = { -readonly [Key in keyof Entry]: Entry[Key] };

/** Words whose line may have a block behind it, and by which rule the lines inside are read. */
const BLOCK_HEADS: ReadonlyMap<string, LineRule> = new Map([
  ['host', 'Option'],
  ['link', 'Option'],
  ['at', 'Statement'],
  ['on', 'Statement'],
]);

/** Reads a script. Each line is read by itself, so that a broken one does not hide those around it. */
export function parseScript(text: string): ParsedScript {
  const binary = binaryProblem(text);
  if (binary !== null)
    return {
      text,
      lines: text.split(LINE_END, MAX_LINES + 1),
      entries: [],
      comments: [],
      marks: [],
      diagnostics: [binary],
    };
  const { lines, marks, comments } = layoutScript(text);
  const builder = new Builder();
  for (const mark of marks) builder.add(mark);
  if (lines.length > MAX_LINES) {
    builder.problems.push(diagnose('too-many-lines', lineSpan(MAX_LINES + 1, 1, 2), [String(MAX_LINES)]));
  }
  const entries = builder.finish();
  if (entries.length === 0 && builder.problems.length === 0)
    builder.problems.push(diagnose('empty-script', lineSpan(1, 1, 1), []));
  return { text, lines, entries, comments, marks, diagnostics: builder.problems.sort(byPlace) };
}

/** The order of diagnostics: by line, then by column. */
export function byPlace(a: Diagnostic, b: Diagnostic): number {
  return a.span.line - b.span.line || a.span.column - b.span.column;
}

function binaryProblem(text: string): Diagnostic | null {
  const at = firstBinary(text);
  if (at < 0) return null;
  if (UTF_16.test(text)) return diagnose('binary-file', lineSpan(1, 1, 2), ['is text in UTF-16']);
  const lines = text.slice(0, at).split(LINE_END);
  const column = (lines.at(-1)?.length ?? 0) + 1;
  const what = CONTROL.test(text) ? 'holds binary data' : 'has characters that are not written in UTF-8';
  return diagnose('binary-file', lineSpan(lines.length, column, column + 1), [what]);
}

/**
 * UTF-16 that was read as UTF-8: every second octet of plain letters is 0, and the mark of the byte order gives two
 * U+FFFD. With the mark, one letter is enough to tell; without it, four in a row.
 */
const UTF_16 = /^(?:\ufffd\ufffd(?:[^\0\ufffd]\0|\0[^\0\ufffd])|(?:[^\0]\0){4}|(?:\0[^\0]){4})/;
/** Characters that no text has, whatever its encoding. */
const CONTROL = /(?![\t-\r])\p{Cc}/u;

/** What a decoder puts in place of octets that are no UTF-8. */
const REPLACEMENT = 0xfffd;
const SPACE = 0x20;
const TAB = 0x09;
const CARRIAGE_RETURN = 0x0d;

/** The offset of the first control character that is no white space, or of octets that were no text; -1 when there is none. */
function firstBinary(text: string): number {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === REPLACEMENT || (code < SPACE && (code < TAB || code > CARRIAGE_RETURN))) return at;
  }
  return -1;
}

/** Builds the tree of entries and blocks from the marks of the lines. */
class Builder {
  readonly problems: Diagnostic[] = [];
  private readonly top: MutableEntry[] = [];
  private readonly stack: OpenBlock[] = [];
  /** Blocks that are nested too deep are not built, only counted. */
  private tooDeep = 0;

  add(mark: Mark): void {
    if (mark.kind === 'piece') this.addPiece(mark.piece);
    else if (mark.kind === 'too-long') this.addTooLong(mark);
    else if (mark.kind === 'open') this.open(lineSpan(mark.line, mark.column, mark.column + 1));
    else if (mark.kind === 'close') this.close(lineSpan(mark.line, mark.column, mark.column + 1));
  }

  finish(): readonly Entry[] {
    while (this.stack.length > 0) this.leaveUnclosed();
    return this.top;
  }

  private get entries(): MutableEntry[] {
    return this.stack.at(-1)?.entries ?? this.top;
  }

  private addTooLong(mark: Extract<Mark, { kind: 'too-long' }>): void {
    const piece: Piece = { text: mark.text, line: mark.line, column: mark.column, unclosedString: null };
    this.entries.push({ piece, rule: 'Statement', parse: BROKEN, block: null });
    this.report(() => diagnose('line-too-long', pieceSpan(piece), [String(MAX_LINE_LENGTH)]));
  }

  private addPiece(piece: Piece): void {
    if (isScenarioLine(piece)) while (this.stack.length > 0) this.leaveUnclosed();
    if (this.stack.at(-1)?.rule === 'Option') {
      const options = readOptions(piece);
      if (options.every(({ parse }) => parse.ok) || !readPiece(piece, 'Statement').ok) {
        for (const option of options) this.push(option);
        return;
      }
      this.leaveUnclosed();
    }
    this.push({ piece, rule: 'Statement', parse: readPiece(piece, 'Statement'), block: null });
  }

  private push(entry: MutableEntry): void {
    this.entries.push(entry);
    if (!entry.parse.ok) this.report(() => problemOf(entry.piece, entry.rule));
  }

  private open(at: Span): void {
    const last = this.entries.at(-1);
    if (this.stack.length >= MAX_DEPTH) {
      if (this.tooDeep === 0) this.report(() => diagnose('too-deep', at, [String(MAX_DEPTH)]));
      this.tooDeep++;
      if (last !== undefined && last.block === null)
        last.block = { open: at, close: null, rule: 'Statement', entries: [] };
      return;
    }
    const head = last !== undefined && last.block === null && last.rule === 'Statement' ? last : undefined;
    const rule = BLOCK_HEADS.get(/^[a-z]+/.exec(head?.piece.text ?? '')?.[0] ?? '');
    if (rule === undefined && (head === undefined || head.parse.ok)) {
      this.report(() => diagnose('brace-without-head', at, [listWords([...BLOCK_HEADS.keys()])]));
    }
    this.stack.push({ open: at, rule: rule ?? 'Statement', head: head ?? null, entries: [] });
  }

  private close(at: Span): void {
    if (this.tooDeep > 0) this.tooDeep--;
    else if (this.stack.length > 0) this.leave(at);
    else if (!this.closesBrokenHead()) this.report(() => diagnose('unexpected-brace', at, []));
  }

  /** A `}` without `{` belongs to a broken line above, which was a head; the options in between are then no statements. */
  private closesBrokenHead(): boolean {
    const orphans: MutableEntry[] = [];
    for (const entry of [...this.top].reverse()) {
      if (isScenarioLine(entry.piece)) return false;
      if (entry.parse.ok) continue;
      if (entry.block !== null || readOptions(entry.piece).some(({ parse }) => !parse.ok)) {
        for (const orphan of orphans) this.forgive(orphan);
        return true;
      }
      orphans.push(entry);
    }
    return false;
  }

  private forgive(entry: MutableEntry): void {
    const from = entry.piece.column;
    const to = from + entry.piece.text.length;
    const at = this.problems.findIndex(
      ({ span }) => span.line === entry.piece.line && span.column >= from && span.column <= to,
    );
    if (at >= 0) this.problems.splice(at, 1);
    entry.rule = 'Option';
  }

  private leaveUnclosed(): void {
    const block = this.stack.at(-1);
    if (block === undefined) return;
    if (block.entries.every((entry) => entry.parse.ok)) this.report(() => diagnose('unclosed-brace', block.open, []));
    this.leave(null);
  }

  private leave(close: Span | null): void {
    const block = this.stack.pop();
    if (block === undefined) return;
    if (block.head === null) for (const entry of block.entries) this.entries.push(entry);
    else block.head.block = { open: block.open, close, rule: block.rule, entries: block.entries };
  }

  /** The list of problems has an end; what is behind it is not even put into words. */
  private report(problem: () => Diagnostic): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push(problem());
    else if (this.problems.length === MAX_PROBLEMS) {
      this.problems.push(diagnose('too-many-problems', problem().span, [String(MAX_PROBLEMS)]));
    }
  }
}

const BROKEN: LineParse = { ok: false };

function isScenarioLine(piece: Piece): boolean {
  return /^scenario(?![\w-])/.test(piece.text);
}

/** A line parsed by a rule, unless it is too long or too nested to be tried: every way from a text to the parser leads through here. */
export function readPiece(piece: Piece, rule: LineRule): LineParse {
  const unreadable = piece.unclosedString !== null || tooComplex(piece.text) || tooNested(piece.text);
  return unreadable ? BROKEN : parseLine(piece.text, rule);
}

function readOptions(piece: Piece): MutableEntry[] {
  return splitAtCommas(piece).map((option) => ({
    piece: option,
    rule: 'Option',
    parse: readPiece(option, 'Option'),
    block: null,
  }));
}

/** Deep nesting of parentheses or long chains would exhaust the stack, so a line has a bounded number of words and signs. */
export function tooComplex(text: string): boolean {
  if (text.length <= MAX_WORDS) return false;
  const words = text.replace(STRINGS, '"').match(/[\p{L}\p{N}\p{M}_.]+|\S/gu);
  return words !== null && words.length > MAX_WORDS;
}

/** Every way to read a parenthesis is tried, so a line has a bounded number of them. */
export function tooNested(text: string): boolean {
  return text.includes('(') && text.replace(STRINGS, '').split('(').length - 1 > MAX_PARENTHESES;
}

const STRINGS = /"(?:\\.|[^"\\])*"/g;

function problemOf(piece: Piece, rule: LineRule): Diagnostic {
  if (piece.unclosedString !== null) {
    const end = piece.column + piece.text.length;
    return diagnose('unclosed-string', lineSpan(piece.line, piece.unclosedString, end), []);
  }
  if (tooComplex(piece.text)) return diagnose('line-too-complex', pieceSpan(piece), [String(MAX_WORDS)]);
  if (tooNested(piece.text)) return diagnose('too-many-parentheses', pieceSpan(piece), [String(MAX_PARENTHESES)]);
  return syntaxProblem(piece, rule);
}
