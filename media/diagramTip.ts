import { html, type TemplateResult } from 'lit';
import type { ArrowItem } from './diagramItems';
import { headerRows } from './segmentLabel';

/** Between the pointer and the tip, in pixels. */
const BESIDE_PX = 14;
const BELOW_PX = 18;
/** Between the tip and the edge of the diagram. */
const EDGE_PX = 4;
/** A tip that stands above keeps this free for what it is about. */
const ABOVE_PX = 30;

/** What somebody points at, with the mouse or by keyboard, and where its tip is wanted. */
export interface Pointed {
  readonly segment: number;
  readonly left: number;
  readonly top: number;
}

/** The mouse points at an arrow. */
export function pointedAt({ segment }: ArrowItem, event: PointerEvent, frame: DOMRect): Pointed {
  return {
    segment: segment.id,
    left: event.clientX - frame.left + BESIDE_PX,
    top: event.clientY - frame.top + BELOW_PX,
  };
}

/** The keyboard has come to an arrow of a drawing whose upper edge is at `canvasTop`. */
export function focusedOn({ segment, labelBox, y2 }: ArrowItem, canvasTop: number, frame: DOMRect): Pointed {
  return { segment: segment.id, left: labelBox.left, top: y2 + canvasTop - frame.top + BESIDE_PX };
}

/** The whole header of an arrow's segment. */
export function drawTip({ segment }: ArrowItem): TemplateResult {
  const rows = headerRows(segment).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`);
  return html`<dl class="tip" aria-hidden="true">${rows}</dl>`;
}

/** Moves a tip that has been drawn to where it is wanted, or above when there is no room, within the diagram. */
export function placeTip(tip: HTMLElement, { left, top }: Pointed, room: HTMLElement): void {
  const fitsBelow = top + tip.offsetHeight <= room.clientHeight - EDGE_PX;
  tip.style.left = `${Math.max(EDGE_PX, Math.min(left, room.clientWidth - tip.offsetWidth - EDGE_PX))}px`;
  tip.style.top = `${fitsBelow ? top : Math.max(EDGE_PX, top - tip.offsetHeight - ABOVE_PX)}px`;
}
