import { html, svg, type TemplateResult } from 'lit';
import type { RunView } from '../src/protocol/view';
import type { Column, Columns } from './diagramColumns';
import { ellipsize, LETTER_PX, type Measure } from './textWidth';

/** Height of the row of hosts that stays above the diagram, in pixels. */
export const HEAD_PX = 44;
const NAME_PX = 13;

type Host = RunView['hosts'][number];

/** Name and address of each host above its lifeline. */
export function drawHosts(hosts: readonly Host[], { columns, widthPx }: Columns, measure: Measure): TemplateResult {
  return html`<svg width=${widthPx} height=${HEAD_PX}>${columns.map((column, index) =>
    drawHost(hosts[index], column, widthPx, measure),
  )}</svg>`;
}

function drawHost(host: Host | undefined, column: Column, widthPx: number, measure: Measure): TemplateResult {
  const { address = '', port = 0 } = host ?? {};
  const place = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  const measureName: Measure = (text) => (measure(text, 'bold') * NAME_PX) / LETTER_PX;
  const name = ellipsize(column.host, column.namePx, measureName);
  const shownPlace = ellipsize(place, column.namePx, measure);
  // A text that would leave the panel moves inwards.
  const centre = (width: number) => Math.max(width / 2 + 4, Math.min(column.xPx, widthPx - width / 2 - 4));
  return svg`<g><title>${column.host} at ${place}</title>
    <text class="host-name" x=${centre(measureName(name, 'bold'))} y="18" text-anchor="middle">${name}</text>
    <text class="host-address" x=${centre(measure(shownPlace, 'normal'))} y="34" text-anchor="middle">${shownPlace}</text></g>`;
}
