import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { HostView, VariableView } from '../src/protocol/view';
import { stateClass } from './stateClass';
import { tableGroups } from './tableGroups';
import { stateColours, unseen } from './theme';
import type { Numbers } from './vscodeApi';

/** State and variables of every host, with what this step changed. */
@customElement('tcpscript-table')
export class TcbTable extends LitElement {
  static override styles = [
    stateColours,
    unseen,
    css`
      :host { display: block; overflow-x: auto; font: 12px var(--ui); color: var(--fg); }
      table { border-collapse: collapse; width: 100%; }
      th, td { text-align: left; padding: 2px 10px 2px 8px; vertical-align: baseline; font-weight: 400; }
      thead th { padding-block: 8px 6px; border-bottom: 1px solid var(--border); vertical-align: bottom; }
      .host { display: block; max-width: 150px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 600; margin-bottom: 4px; }
      .state {
        display: inline-block; padding: 1px 8px; border-radius: 9px; border: 1px solid var(--state); white-space: nowrap; font-size: 11px;
        background: color-mix(in srgb, var(--state) 18%, var(--bg));
      }
      .more { display: block; color: var(--muted); font-size: 11px; margin-bottom: 4px; }
      .group { padding-top: 9px; font-size: 11px; color: var(--muted); letter-spacing: 0.04em; text-transform: uppercase; }
      tbody th:not(.group) { position: sticky; left: 0; background: var(--bg); }
      tbody th { width: 1%; white-space: nowrap; color: var(--muted); font: 12px var(--mono); cursor: help; }
      td { font: 12px var(--mono); border-left: 3px solid transparent; white-space: nowrap; }
      td.changed { border-left-color: var(--now); font-weight: 700; background: color-mix(in srgb, var(--now) 12%, transparent); }
      s { font-weight: 400; color: var(--muted); }
      @container (max-width: 340px) {
        table { table-layout: fixed; }
        thead td { width: 64px; }
        th, td, tbody th, td { padding-inline: 4px 2px; font-size: 11px; }
        td { white-space: normal; overflow-wrap: anywhere; }
        .state { padding: 1px 4px; font-size: 10px; letter-spacing: -0.02em; }
      }
      tbody tr:not(.title):hover > td { background: var(--hover); }
      tbody tr:not(.title):hover > th { color: var(--fg); }
    `,
  ];

  @property({ attribute: false }) hosts: readonly HostView[] = [];
  @property({ attribute: false }) numbers: Numbers = 'relative';

  protected override render(): TemplateResult {
    return html`<table>
      <caption class="unseen">State and variables of each host</caption>
      <thead><tr><td></td>${this.hosts.map(hostHead)}</tr></thead>
      ${tableGroups(this.hosts).map(
        ({ group, rows }) => html`<tbody>
          <tr class="title"><th class="group" scope="rowgroup" colspan=${this.hosts.length + 1}>${group}</th></tr>
          ${rows.map(({ name, doc, cells }) => html`<tr><th scope="row" title=${doc}>${name}</th>${cells.map((cell) => valueCell(cell, this.numbers))}</tr>`)}
        </tbody>`,
      )}
    </table>`;
  }
}

function hostHead({ name, state, previousState, hidden }: HostView): TemplateResult {
  const before = previousState === null ? nothing : html`<s>${previousState}</s> → `;
  return html`<th scope="col"><span class="host" title=${name}>${name}</span>${hidden === 0 ? nothing : html`<span class="more">and ${hidden} more</span>`}
    ${before}<span class="state ${stateClass(state)}">${state}</span></th>`;
}

function valueCell(cell: VariableView | null, numbers: Numbers): TemplateResult {
  if (cell === null) return html`<td>–</td>`;
  const isRelative = numbers === 'relative' && cell.relative !== null;
  const { value, previous } = isRelative && cell.relative !== null ? cell.relative : cell;
  const title = isRelative ? `on the wire ${cell.value}` : nothing;
  if (previous === null) return html`<td title=${title}>${value}</td>`;
  return html`<td class="changed" title=${title}><s>${previous}</s> → ${value}</td>`;
}
