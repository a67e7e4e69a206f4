import type { Position, Range, TextEdit } from 'vscode-languageserver';
import { formatScript } from '../script';

/** The edits that format a script: one for each line that changes, so that cursors and breakpoints stay put. */
export function formatDocument(text: string): TextEdit[] {
  return lineEdits(text, formatScript(text));
}

/** The same for the lines of a range only. Indentation depends on the whole script, so all of it is formatted first. */
export function formatRange(text: string, range: Range): TextEdit[] {
  const last = range.end.character === 0 && range.end.line > range.start.line ? range.end.line - 1 : range.end.line;
  return formatDocument(text).filter(({ range: { start, end } }) => start.line <= last && end.line > range.start.line);
}

/** A line that says something, with the blank lines before it; the last one of a text may be blank lines only. */
interface Stretch {
  readonly text: string;
  readonly start: Position;
  readonly end: Position;
}

/** The formatter keeps the lines that say something and their order, so the stretches of both texts belong together one by one. */
function lineEdits(before: string, after: string): TextEdit[] {
  if (before === after) return [];
  const old = stretchesOf(before);
  const fresh = stretchesOf(after);
  const first = old[0];
  const last = old.at(-1);
  if (first === undefined || last === undefined) {
    const nowhere = { line: 0, character: 0 };
    return [{ range: { start: nowhere, end: nowhere }, newText: after }];
  }
  if (old.length !== fresh.length) return [{ range: { start: first.start, end: last.end }, newText: after }];
  return old.flatMap(({ text, start, end }, index) => {
    const newText = fresh[index]?.text ?? '';
    return newText === text ? [] : [{ range: { start, end }, newText }];
  });
}

/** Every stretch with its line end, so that a changed line end is a change too. */
function stretchesOf(text: string): Stretch[] {
  const lines = text.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];
  const stretches: Stretch[] = [];
  let pending = '';
  let start: Position = { line: 0, character: 0 };
  lines.forEach((line, index) => {
    pending += line;
    if (line.trim() === '' && index < lines.length - 1) return;
    const end = /[\r\n]$/.test(line) ? { line: index + 1, character: 0 } : { line: index, character: line.length };
    stretches.push({ text: pending, start, end });
    pending = '';
    start = end;
  });
  return stretches;
}
