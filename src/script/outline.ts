import { pieceSpan } from './layout';
import type { Entry, ParsedScript } from './parse';
import type { Span } from './program';

/** One line of the outline of a script. */
export interface OutlineItem {
  readonly name: string;
  /** The rest of the line, such as the address of a host. */
  readonly detail: string;
  readonly kind: 'scenario' | 'host' | 'link' | 'at' | 'on';
  /** The whole of it, its block or (for a scenario) everything up to the next one included. */
  readonly span: Span;
  /** What names it. */
  readonly nameSpan: Span;
  readonly children: readonly OutlineItem[];
}

/** Scenarios with what they declare, and `at` and `on` handlers. Lines before the first scenario stand beside it. */
export function outline(parsed: ParsedScript): readonly OutlineItem[] {
  const items: OutlineItem[] = [];
  let scenario: { readonly entry: Entry; readonly children: OutlineItem[] } | null = null;
  const finish = (endLine: number): void => {
    if (scenario === null) return;
    const nameSpan = pieceSpan(scenario.entry.piece);
    const end = Math.max(endLine, nameSpan.line);
    const span = { ...nameSpan, endLine: end, endColumn: (parsed.lines[end - 1]?.length ?? 0) + 1 };
    const name = scenario.entry.piece.text.replace(/^scenario\s*/, '').replace(/^"(.*)"$/, '$1');
    items.push({ name, detail: '', kind: 'scenario', span, nameSpan, children: scenario.children });
  };
  for (const entry of parsed.entries) {
    if (/^scenario(?![\w-])/.test(entry.piece.text)) {
      finish(entry.piece.line - 1);
      scenario = { entry, children: [] };
      continue;
    }
    const item = itemOf(entry);
    if (item !== null) (scenario?.children ?? items).push(item);
  }
  finish(Math.max(1, parsed.lines.length));
  return items;
}

function itemOf(entry: Entry): OutlineItem | null {
  const { piece, block, parse } = entry;
  const nameSpan = pieceSpan(piece);
  const close = block?.close ?? nameSpan;
  const base = { span: { ...nameSpan, endLine: close.endLine, endColumn: close.endColumn }, nameSpan };
  const inner = block?.rule === 'Statement' ? block.entries.flatMap((child) => itemOf(child) ?? []) : [];
  if (!parse.ok) return null;
  switch (parse.node.$type) {
    case 'HostDeclaration':
      return { ...base, name: parse.node.name, detail: parse.node.address ?? '', kind: 'host', children: [] };
    case 'LinkStatement':
      return block === null ? null : { ...base, name: piece.text, detail: '', kind: 'link', children: [] };
    case 'At':
      return { ...base, name: piece.text, detail: '', kind: 'at', children: inner };
    case 'On':
      return { ...base, name: piece.text, detail: '', kind: 'on', children: inner };
    default:
      return null;
  }
}

/** A stretch of lines, 1-based and inclusive, that an editor can fold away. */
export interface FoldingRange {
  readonly startLine: number;
  readonly endLine: number;
  readonly kind: 'region' | 'comment' | 'block';
}

/** Blocks of more than one line, scenarios, and comments that fill several lines. */
export function foldingRanges(parsed: ParsedScript): readonly FoldingRange[] {
  const ranges: FoldingRange[] = [];
  for (const { kind, span } of outline(parsed)) {
    const endLine = lastFilledLine(parsed, span.endLine);
    if (kind === 'scenario' && endLine > span.line) ranges.push({ startLine: span.line, endLine, kind: 'region' });
  }
  addBlocks(parsed.entries, ranges);
  addComments(parsed, ranges);
  return ranges;
}

function lastFilledLine(parsed: ParsedScript, from: number): number {
  let line = from;
  while (line > 1 && (parsed.lines[line - 1] ?? '').trim() === '') line--;
  return line;
}

function addBlocks(entries: readonly Entry[], ranges: FoldingRange[]): void {
  for (const { piece, block } of entries) {
    if (block === null) continue;
    const end = block.close?.line ?? block.open.line;
    if (end > piece.line) ranges.push({ startLine: piece.line, endLine: end, kind: 'block' });
    addBlocks(block.entries, ranges);
  }
}

function addComments(parsed: ParsedScript, ranges: FoldingRange[]): void {
  const whole = parsed.comments.filter(
    ({ line, column }) => (parsed.lines[line - 1] ?? '').slice(0, column - 1).trim() === '',
  );
  let start = 0;
  for (let index = 1; index <= whole.length; index++) {
    const last = whole[index - 1]?.line ?? 0;
    if (whole[index]?.line === last + 1) continue;
    const first = whole[start]?.line ?? last;
    if (last > first) ranges.push({ startLine: first, endLine: last, kind: 'comment' });
    start = index;
  }
}
