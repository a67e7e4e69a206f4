import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { HostView, WaitingView } from '../src/protocol/view';
import { stateClass } from './stateClass';
import { stateColours } from './theme';

/** For each host: why it sends nothing now. */
@customElement('tcpscript-waiting')
export class WaitingPane extends LitElement {
  static override styles = [
    stateColours,
    css`
      :host { display: block; padding: 8px 12px 10px; font: 12px / 1.45 var(--ui); color: var(--fg); border-bottom: 1px solid var(--border); }
      summary { cursor: pointer; font-weight: 600; }
      summary:focus-visible, a:focus-visible { outline: 1px solid var(--focus); outline-offset: 1px; border-radius: 2px; }
      dl { margin: 8px 0 0; display: grid; gap: 6px; }
      dt { font-weight: 600; overflow-wrap: anywhere; }
      dd { margin: 0; padding-left: 10px; border-left: 3px solid var(--state, var(--border)); display: grid; gap: 4px; }
      p { margin: 0; overflow-wrap: anywhere; }
      .rule { color: var(--muted); }
      a { color: var(--link); }
    `,
  ];

  @property({ attribute: false }) hosts: readonly HostView[] = [];

  protected override render(): TemplateResult | typeof nothing {
    if (this.hosts.length === 0) return nothing;
    return html`<details open>
      <summary>Why is nothing sent now?</summary>
      <dl>${this.hosts.map(
        ({ name, state, waiting }) =>
          html`<dt>${name}</dt><dd class=${stateClass(state)}>${waiting.map(drawReason)}</dd>`,
      )}</dl>
    </details>`;
  }
}

function drawReason({ text, says, reference, url }: WaitingView): TemplateResult {
  const source = reference === null || url === null ? nothing : html` <a href=${url} title=${says}>${reference}</a>`;
  return html`<p title=${says}>${text}${source}</p>`;
}
