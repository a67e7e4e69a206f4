import type { Position } from 'vscode-languageserver';
import { type Analysis, Analyst, type Clock, DEFAULT_BOUNDS } from '../../src/lsp/analysis';

/** A clock that stands still, so that a run is never sliced. */
export const STILL: Clock = { nowMs: () => 0, nextTurn: () => Promise.resolve() };

/** A text with one `|` where the cursor is, taken apart. */
export function marked(text: string): { readonly text: string; readonly position: Position } {
  const at = text.indexOf('|');
  if (at < 0 || text.indexOf('|', at + 1) >= 0) throw new Error('the text needs exactly one cursor mark');
  const before = text.slice(0, at).split('\n');
  return {
    text: text.slice(0, at) + text.slice(at + 1),
    position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 },
  };
}

/** A text read and run to its end. */
export async function analysed(text: string): Promise<Analysis> {
  const analyst = new Analyst(STILL);
  const analysis = analyst.read(text, 1);
  await analyst.run(
    analysis,
    DEFAULT_BOUNDS,
    () => false,
    () => {},
  );
  return analysis;
}
