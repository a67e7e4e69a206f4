import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { MomentView } from '../src/protocol/view';
import { formatTime } from './format';
import { PanelRequest } from './panelRequest';

type Cause = MomentView['causes'][number];

/** What happens at the current moment, and why: the rule, and where it is written. */
@customElement('tcpscript-cause')
export class CausePane extends LitElement {
  static override styles = css`
    :host { display: block; padding: 10px 12px 12px; font: var(--size) / 1.45 var(--ui); color: var(--fg); border-bottom: 1px solid var(--border); }
    h2 { font-size: 14px; font-weight: 600; margin: 0; overflow-wrap: anywhere; }
    p { margin: 3px 0 0; }
    .statement { color: var(--muted); }
    code { font-family: var(--mono); font-size: 12px; color: var(--fg); }
    ul { list-style: none; margin: 8px 0 0; padding: 0; display: grid; gap: 8px; }
    li { padding-left: 10px; border-left: 3px solid var(--now); }
    .what { color: var(--muted); font-size: 12px; }
    .source { font-size: 12px; display: flex; flex-wrap: wrap; gap: 2px 8px; align-items: center; }
    a { color: var(--link); }
    a:focus-visible, button:focus-visible { outline: 1px solid var(--focus); outline-offset: 1px; border-radius: 2px; }
    .requirement { border: 1px solid var(--border); border-radius: 3px; padding: 0 5px; font: 11px var(--mono); }
    button { font: inherit; color: var(--link); background: none; border: 0; padding: 0; cursor: pointer; text-decoration: underline; }
    .check { margin-top: 8px; padding-left: 10px; border-left: 3px solid var(--ok); }
    .check.failed { border-left-color: var(--error); }
    dl { display: grid; grid-template-columns: auto 1fr; gap: 0 10px; margin: 2px 0 0; }
    dt { color: var(--muted); }
    dd { margin: 0; font-family: var(--mono); font-size: 12px; overflow-wrap: anywhere; }
    .time { white-space: nowrap; }
    .timers { color: var(--muted); font-size: 12px; margin-top: 8px; }
  `;

  @property({ attribute: false }) moment: MomentView | null = null;

  protected override render(): TemplateResult | typeof nothing {
    const { moment } = this;
    if (moment === null) return nothing;
    const { title, statement, line, causes, check, timers } = moment;
    return html`
      <h2>${title}</h2>
      ${statement === null ? nothing : html`<p class="statement">${this.lineLink(line)} <code>${statement}</code></p>`}
      ${check === null ? nothing : drawCheck(check)}
      ${causes.length === 0 ? nothing : html`<ul aria-label="Why">${causes.map((cause) => this.drawCause(cause, moment))}</ul>`}
      ${timers.length === 0 ? nothing : html`<p class="timers">${timers.map(({ host, timer, expiresUs }) => html`${host}: ${timer} timer expires at <span class="time">${formatTime(expiresUs)}</span><br>`)}</p>`}`;
  }

  private drawCause({ what, text, reference, url, requirement, line }: Cause, moment: MomentView): TemplateResult {
    const source = reference === null || url === null ? (reference ?? nothing) : html`<a href=${url}>${reference}</a>`;
    return html`<li>
      <p class="what">${what}</p>
      <p>${text}</p>
      <p class="source">${source}
        ${requirement === null ? nothing : html`<span class="requirement">${requirement}</span>`}
        ${line === moment.line ? nothing : this.lineLink(line)}</p>
    </li>`;
  }

  private lineLink(line: number | null): TemplateResult | typeof nothing {
    if (line === null) return nothing;
    return html`<button @click=${() => this.dispatchEvent(new PanelRequest([{ type: 'reveal', line }]))}>line ${line}</button>`;
  }
}

function drawCheck({ ok, text, expected, actual, why }: NonNullable<MomentView['check']>): TemplateResult {
  if (ok) return html`<div class="check">✓ ${text}</div>`;
  return html`<div class="check failed"><b>✗ ${text}</b>
    <dl><dt>expected</dt><dd>${expected}</dd><dt>actual</dt><dd>${actual}</dd></dl>
    ${why === null ? nothing : html`<p>${why}</p>`}</div>`;
}
