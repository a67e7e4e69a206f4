import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { BecauseView } from '../src/protocol/view';
import { PanelRequest } from './panelRequest';

/** How it came to this: the chain of causes of the current moment, the newest first, back to a line of the script. */
@customElement('tcpscript-chain')
export class ChainPane extends LitElement {
  static override styles = css`
    :host { display: block; padding: 8px 12px 10px; font: 12px / 1.45 var(--ui); color: var(--fg); border-bottom: 1px solid var(--border); }
    :host([hidden]) { display: none; }
    summary { cursor: pointer; font-weight: 600; }
    summary:focus-visible, button:focus-visible, a:focus-visible { outline: 1px solid var(--focus); outline-offset: 1px; border-radius: 2px; }
    ol { list-style: none; margin: 8px 0 0; padding: 0; }
    li { position: relative; padding: 0 0 8px 16px; border-left: 1px solid var(--border); margin-left: 4px; overflow-wrap: anywhere; }
    li:last-child { border-left-color: transparent; padding-bottom: 0; }
    li::before { content: ''; position: absolute; left: -4px; top: 6px; width: 7px; height: 7px; border-radius: 50%; background: var(--muted); }
    li.event::before { background: var(--now); }
    li.loss::before { background: var(--error); }
    li.line::before { background: var(--ok); }
    li.decision { font-style: italic; }
    p { margin: 0; }
    .rule { color: var(--muted); }
    .source { display: flex; flex-wrap: wrap; gap: 2px 8px; }
    a { color: var(--link); }
    button { font: inherit; color: var(--link); background: none; border: 0; padding: 0; cursor: pointer; text-decoration: underline; }
    button:disabled { color: var(--muted); cursor: default; text-decoration: none; }
  `;

  @property({ attribute: false }) chain: readonly BecauseView[] = [];
  /** The moment where the panel stands. */
  @property({ attribute: false }) moment = 0;
  @property({ type: Boolean }) ended = false;

  protected override render(): TemplateResult | typeof nothing {
    if (this.chain.length === 0) return nothing;
    return html`<details open>
      <summary>How it came to this</summary>
      <ol>${this.chain.map((link) => this.drawLink(link))}</ol>
    </details>`;
  }

  private drawLink({ kind, what, text, reference, url, moment, line }: BecauseView): TemplateResult {
    const source = reference === null || url === null ? nothing : html`<a href=${url}>${reference}</a>`;
    return html`<li class=${kind}>
      <p>${what}</p>
      ${text === null ? nothing : html`<p class="rule">${text}</p>`}
      <p class="source">${source}${this.momentLink(moment)}${this.lineLink(line)}</p>
    </li>`;
  }

  private momentLink(moment: number | null): TemplateResult | typeof nothing {
    if (moment === null || moment === this.moment) return nothing;
    return html`<button class="go" ?disabled=${this.ended} @click=${() => this.ask({ type: 'travel', moment })}>moment ${moment + 1}</button>`;
  }

  private lineLink(line: number | null): TemplateResult | typeof nothing {
    if (line === null) return nothing;
    return html`<button class="reveal" @click=${() => this.ask({ type: 'reveal', line })}>line ${line}</button>`;
  }

  private ask(message: PanelRequest['messages'][number]): void {
    this.dispatchEvent(new PanelRequest([message]));
  }
}
