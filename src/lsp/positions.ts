import type { Position, Range } from 'vscode-languageserver';
import type { Span } from '../script/program';

/**
 * The range of a span. Spans count from 1 and the protocol from 0, both in UTF-16 units; lines beyond the end of the
 * text are taken as its last line, so that a range never leaves the document.
 */
export function toRange(span: Span, lines: readonly string[]): Range {
  const start = toPosition(span.line, span.column, lines);
  const end = toPosition(span.endLine, span.endColumn, lines);
  const isOrdered = end.line > start.line || (end.line === start.line && end.character >= start.character);
  return { start, end: isOrdered ? end : start };
}

/** The position of a 1-based line and column, kept inside the text. */
export function toPosition(line: number, column: number, lines: readonly string[]): Position {
  const index = Math.min(Math.max(line - 1, 0), Math.max(lines.length - 1, 0));
  const length = lines[index]?.length ?? 0;
  return { line: index, character: line - 1 > index ? length : Math.min(Math.max(column - 1, 0), length) };
}
