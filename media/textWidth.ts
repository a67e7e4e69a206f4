/** Size of the diagram's letters, in pixels. */
export const LETTER_PX = 11;

/** Width of a text in pixels, as the diagram's font draws it. */
export type Measure = (text: string, weight: 'normal' | 'bold') => number;

/** Cuts a text to a width, with an ellipsis. */
export function ellipsize(text: string, roomPx: number, measure: Measure): string {
  if (measure(text, 'normal') <= roomPx) return text;
  const letters = [...text];
  let low = 0;
  let high = letters.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (measure(`${letters.slice(0, middle).join('')}…`, 'normal') <= roomPx) low = middle;
    else high = middle - 1;
  }
  return `${letters.slice(0, low).join('').trimEnd()}…`;
}

/**
 * Measures as a canvas with this font does. Widths are kept by letter, so that a long run costs no more than a short one.
 * @param family a CSS font family
 */
export function canvasMeasure(sizePx: number, family: string): Measure {
  const context = document.createElement('canvas').getContext('2d');
  const kept = { normal: new Map<string, number>(), bold: new Map<string, number>() };
  const letterWidth = (letter: string, weight: 'normal' | 'bold'): number => {
    if (context === null) return sizePx * 0.6;
    context.font = `${weight === 'bold' ? 600 : 400} ${sizePx}px ${family}`;
    return context.measureText(letter).width;
  };
  return (text, weight) => {
    let width = 0;
    for (const letter of text) {
      const known = kept[weight].get(letter) ?? letterWidth(letter, weight);
      kept[weight].set(letter, known);
      width += known;
    }
    return width;
  };
}
