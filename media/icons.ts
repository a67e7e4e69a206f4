import { svg, type TemplateResult } from 'lit';
import type { PanelStep } from '../src/protocol/messages';

/** The pictures on the step buttons: filled shapes and strokes in a square of 16. */
const SHAPES: Readonly<Record<PanelStep, { readonly fill: string; readonly stroke: string }>> = {
  reverseContinue: { fill: 'M10 2.5v11L2.5 8z', stroke: 'M13 2.8v10.4' },
  stepBack: {
    fill: 'M9.6 12.5a1.8 1.8 0 1 1-3.6 0a1.8 1.8 0 1 1 3.6 0',
    stroke: 'M2.5 3v4h4M2.8 6.8C4.6 3.6 10.8 2.6 13.5 7.5',
  },
  stepBackEvent: { fill: 'M9.8 12.8a1.8 1.8 0 1 1-3.6 0a1.8 1.8 0 1 1 3.6 0', stroke: 'M8 9.2V2M4.8 5L8 1.8L11.2 5' },
  stepIn: { fill: 'M9.8 12.8a1.8 1.8 0 1 1-3.6 0a1.8 1.8 0 1 1 3.6 0', stroke: 'M8 1.5v7.3M4.8 5.8L8 9l3.2-3.2' },
  next: {
    fill: 'M10 12.5a1.8 1.8 0 1 1-3.6 0a1.8 1.8 0 1 1 3.6 0',
    stroke: 'M13.5 3v4h-4M13.2 6.8C11.4 3.6 5.2 2.6 2.5 7.5',
  },
  continue: { fill: 'M6 2.5v11L13.5 8z', stroke: 'M3 2.8v10.4' },
};

/** The picture of a step, in the colour of the text around it. */
export function stepIcon(step: PanelStep): TemplateResult {
  const { fill, stroke } = SHAPES[step];
  return svg`<path d=${fill} fill="currentColor"></path>
    <path d=${stroke} fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"></path>`;
}
