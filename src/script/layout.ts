import type { Span } from './program';

/** A stretch of one line that is a statement, a block's head or an option: trimmed, without comment and braces. */
export interface Piece {
  readonly text: string;
  readonly line: number;
  /** Column of the first character, 1-based. */
  readonly column: number;
  /** Column of a `"` that nothing closes, or null. */
  readonly unclosedString: number | null;
}

/** What the line structure of a file is made of, in order. */
export type Mark =
  | { readonly kind: 'piece'; readonly piece: Piece }
  | { readonly kind: 'open'; readonly line: number; readonly column: number }
  | { readonly kind: 'close'; readonly line: number; readonly column: number }
  | { readonly kind: 'end'; readonly line: number; readonly column: number }
  | { readonly kind: 'too-long'; readonly line: number; readonly column: number; readonly text: string };

/** A comment, from its `#` or `//` to the end of the line. */
export interface Comment {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** The lines of a file, taken apart into pieces and braces. */
export interface Layout {
  readonly lines: readonly string[];
  readonly marks: readonly Mark[];
  readonly comments: readonly Comment[];
}

/** Longest line that is read, in UTF-16 units; longer ones are one `line-too-long`. */
export const MAX_LINE_LENGTH = 4_000;
/** Most lines of a script; the rest is not read. */
export const MAX_LINES = 20_000;

/** Where a line ends: what editors take for a line end, so that both count the same lines. */
export const LINE_END = /\r\n|\n|\r/;

const PART = /"(?:\\.|[^"\\])*"|"|#|\/\/|[{};]|[^"#/{};]+|\//g;

/** Splits a text at line ends of any kind, `;`, `{` and `}`. */
export function layoutScript(text: string): Layout {
  const lines = text.split(LINE_END, MAX_LINES + 1);
  const marks: Mark[] = [];
  const comments: Comment[] = [];
  for (let index = 0; index < Math.min(lines.length, MAX_LINES); index++) {
    layoutLine(lines[index] ?? '', index + 1, marks, comments);
  }
  return { lines, marks, comments };
}

function layoutLine(text: string, line: number, marks: Mark[], comments: Comment[]): void {
  if (text.length > MAX_LINE_LENGTH) {
    marks.push({ kind: 'too-long', line, column: 1, text: text.slice(0, MAX_LINE_LENGTH) });
    return;
  }
  let start = 0;
  let unclosedString: number | null = null;
  const flush = (end: number): void => {
    pushPiece(text.slice(start, end), line, start + 1, unclosedString, marks);
    unclosedString = null;
  };
  PART.lastIndex = 0;
  for (let part = PART.exec(text); part !== null; part = PART.exec(text)) {
    const [image] = part;
    const at = part.index;
    if (image === '#' || image === '//') {
      flush(at);
      comments.push({ line, column: at + 1, text: text.slice(at).trimEnd() });
      return;
    }
    if (image === '"') {
      unclosedString = at + 1;
      break;
    }
    const kind = MARKS.get(image);
    if (kind === undefined) continue;
    flush(at);
    start = at + 1;
    marks.push({ kind, line, column: at + 1 });
  }
  flush(text.length);
}

const MARKS: ReadonlyMap<string, 'open' | 'close' | 'end'> = new Map([
  ['{', 'open'],
  ['}', 'close'],
  [';', 'end'],
]);

function pushPiece(raw: string, line: number, column: number, unclosedString: number | null, marks: Mark[]): void {
  const text = raw.trim();
  if (text.length === 0) return;
  const leading = raw.length - raw.trimStart().length;
  marks.push({ kind: 'piece', piece: { text, line, column: column + leading, unclosedString } });
}

/** The options of a piece inside `host { }` or `link { }`, which commas separate. */
export function splitAtCommas(piece: Piece): readonly Piece[] {
  if (!piece.text.includes(',') || piece.unclosedString !== null) return [piece];
  const marks: Mark[] = [];
  let column = piece.column;
  for (const text of piece.text.split(',')) {
    pushPiece(text, piece.line, column, null, marks);
    column += text.length + 1;
  }
  return marks.flatMap((mark) => (mark.kind === 'piece' ? [mark.piece] : []));
}

/** The span of a piece. */
export function pieceSpan(piece: Piece): Span {
  return lineSpan(piece.line, piece.column, piece.column + piece.text.length);
}

/** A span within one line. */
export function lineSpan(line: number, column: number, endColumn: number): Span {
  return { line, column, endLine: line, endColumn };
}
