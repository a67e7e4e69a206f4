import { formatLine } from './formatLine';
import { type Comment, LINE_END, type Mark, type Piece, splitAtCommas } from './layout';
import { type Entry, type ParsedScript, parseScript } from './parse';
import { parseLine } from './parser';

/** One line of the file, formatted: code and trailing comment apart, so that comments can be aligned. */
interface FormattedLine {
  readonly code: string;
  readonly comment: string;
}

/** Problems with which a text is better left alone. */
const UNTOUCHED: ReadonlySet<string> = new Set(['binary-file', 'too-many-lines', 'too-deep', 'unclosed-brace']);

/** Comments of neighbouring lines are aligned up to this column. */
const MAX_COMMENT_COLUMN = 60;

const INDENT = '  ';

/**
 * The script in its usual form: RFC spelling of states, flags and variables, single spaces, two spaces of indentation a
 * block, at most one blank line in a row, comments kept. Lines that are wrong stay as they are; so does the whole text when
 * a brace is not closed, since nobody knows which lines belong inside. Formatting twice changes nothing more, and the meaning stays the same. Line ends stay what they were (of the first line).
 */
export function formatScript(text: string): string {
  const parsed = parseScript(text);
  if (parsed.diagnostics.some(({ id }) => UNTOUCHED.has(id)) || hasOpenBlock(parsed.marks)) return text;
  const lines = alignComments(formatLines(parsed));
  const kept = lines.filter((line, index) => line !== '' || (index > 0 && lines[index - 1] !== ''));
  while (kept.at(-1) === '') kept.pop();
  while (kept[0] === '') kept.shift();
  const end = LINE_END.exec(text)?.[0] ?? '\n';
  return kept.map((line) => line + end).join('');
}

/** Whether a block is open where a scenario begins or where the text ends. */
function hasOpenBlock(marks: readonly Mark[]): boolean {
  let depth = 0;
  for (const mark of marks) {
    if (depth > 0 && startsScenario(mark)) return true;
    if (mark.kind === 'open') depth++;
    else if (mark.kind === 'close') depth = Math.max(0, depth - 1);
  }
  return depth > 0;
}

function formatLines(parsed: ParsedScript): FormattedLine[] {
  const marks = groupByLine(parsed.marks);
  const comments = new Map(parsed.comments.map((comment) => [comment.line, comment]));
  const entries = new Map<string, Entry>();
  index(parsed.entries, entries);
  let depth = 0;
  return parsed.lines.map((raw, at) => {
    const line = marks.get(at + 1) ?? [];
    const leading = line.findIndex((mark) => mark.kind !== 'close');
    const before = Math.max(0, depth - (leading < 0 ? line.length : leading));
    depth = depthAfter(depth, line);
    const comment = comments.get(at + 1);
    return formatOne(raw, line, comment, entries, before);
  });
}

function depthAfter(depth: number, line: readonly Mark[]): number {
  let after = depth;
  for (const { kind } of line) {
    if (kind === 'open') after++;
    else if (kind === 'close') after = Math.max(0, after - 1);
  }
  return after;
}

function startsScenario(mark: Mark): boolean {
  return mark.kind === 'piece' && /^scenario(?![\w-])/.test(mark.piece.text);
}

function groupByLine(marks: readonly Mark[]): Map<number, Mark[]> {
  const lines = new Map<number, Mark[]>();
  for (const mark of marks) {
    const line = mark.kind === 'piece' ? mark.piece.line : mark.line;
    const list = lines.get(line);
    if (list === undefined) lines.set(line, [mark]);
    else list.push(mark);
  }
  return lines;
}

function index(entries: readonly Entry[], into: Map<string, Entry>): void {
  for (const entry of entries) {
    into.set(`${entry.piece.line}:${entry.piece.column}`, entry);
    if (entry.block !== null) index(entry.block.entries, into);
  }
}

function formatOne(
  raw: string,
  line: readonly Mark[],
  comment: Comment | undefined,
  entries: ReadonlyMap<string, Entry>,
  depth: number,
): FormattedLine {
  const pieces = new Map<Mark, string>();
  for (const mark of line) {
    if (mark.kind === 'too-long') return { code: raw, comment: '' };
    if (mark.kind !== 'piece') continue;
    const text = formatPiece(mark.piece, entries);
    if (text === null) return { code: raw, comment: '' };
    pieces.set(mark, text);
  }
  const code = join(line, pieces);
  const indent = INDENT.repeat(depth);
  if (comment === undefined) return { code: code === '' ? '' : indent + code, comment: '' };
  return code === '' ? { code: indent + comment.text, comment: '' } : { code: indent + code, comment: comment.text };
}

/** A statement, or options with their commas; null when it was not understood. */
function formatPiece(piece: Piece, entries: ReadonlyMap<string, Entry>): string | null {
  const entry = entries.get(`${piece.line}:${piece.column}`);
  if (entry === undefined || !entry.parse.ok) return null;
  if (entry.rule === 'Statement') return formatLine(piece.text, entry.parse.node);
  const options: string[] = [];
  for (const option of splitAtCommas(piece)) {
    const parse = parseLine(option.text, 'Option');
    if (!parse.ok) return null;
    options.push(formatLine(option.text, parse.node));
  }
  return options.join(', ');
}

/** Puts the pieces and braces of one line together again. */
function join(line: readonly Mark[], pieces: ReadonlyMap<Mark, string>): string {
  let code = '';
  for (const [at, mark] of line.entries()) {
    if (mark.kind === 'end') {
      const next = line.slice(at).find(({ kind }) => kind !== 'end');
      if (next?.kind === 'piece' && code !== '' && !/[{;]$/.test(code)) code += ';';
      continue;
    }
    const text = mark.kind === 'open' ? '{' : mark.kind === 'close' ? '}' : (pieces.get(mark) ?? '');
    code += code === '' ? text : ` ${text}`;
  }
  return code;
}

/** Trailing comments between two blank lines (or lines that are all comment) start at one column. */
function alignComments(lines: readonly FormattedLine[]): string[] {
  const out: string[] = [];
  for (let start = 0; start < lines.length; ) {
    let end = start;
    while (end < lines.length && /^\s*[^\s#/]/.test(lines[end]?.code ?? '')) end++;
    const run = lines.slice(start, Math.max(end, start + 1));
    const lengths = run.map(({ code, comment }) => (comment === '' ? 0 : code.length));
    const column = Math.max(0, ...lengths.filter((length) => length <= MAX_COMMENT_COLUMN));
    for (const { code, comment } of run) out.push(comment === '' ? code : `${code.padEnd(column)}  ${comment}`);
    start += run.length;
  }
  return out;
}
