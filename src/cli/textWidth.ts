const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** East Asian Wide and Fullwidth characters (Unicode Annex #11), and emoji: two columns of a terminal. */
const WIDE =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]|\p{Emoji_Presentation})/u;

/** The characters of a text as a reader counts them, each with the terminal columns that it takes (1 or 2). */
export function characters(text: string): { readonly text: string; readonly columns: 1 | 2 }[] {
  return Array.from(graphemes.segment(text), ({ segment }) => ({ text: segment, columns: WIDE.test(segment) ? 2 : 1 }));
}

/** How many columns of a terminal a text takes. */
export function textColumns(text: string): number {
  return characters(text).reduce((sum, { columns }) => sum + columns, 0);
}

/** The text cut to at most `columns` columns, the last of them `…` when something was cut. */
export function clipText(text: string, columns: number): string {
  if (textColumns(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const character of characters(text)) {
    if (width + character.columns > columns - 1) break;
    kept += character.text;
    width += character.columns;
  }
  return columns > 0 ? `${kept}…` : '';
}

/**
 * The text on one line and without characters that speak to the terminal: control characters, which a script's own
 * texts may hold, and those that turn the direction of writing.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ').trimEnd();
}
