import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { PanelMessage, PanelStep } from '../src/protocol/messages';
import { readHostMessage } from '../src/protocol/messages';
import './causePane';
import './chainPane';
import { takeDebugKeys } from './debugKeys';
import { formatTime } from './format';
import { PanelRequest } from './panelRequest';
import './sequenceDiagram';
import { EMPTY_STATE, type PanelState, reduce } from './store';
import './tcbTable';
import { theme, unseen } from './theme';
import { NumbersChanged } from './toolbar';
import './waitingPane';
import { connectEditor, type Numbers } from './vscodeApi';

/** The whole panel: toolbar, sequence diagram, cause of the moment, table of the hosts. */
@customElement('tcpscript-panel')
export class TcpscriptPanel extends LitElement {
  static override styles = [
    theme,
    unseen,
    css`
      :host { position: fixed; inset: 0; display: flex; flex-direction: column; background: var(--bg); color: var(--fg); container-type: inline-size; }
      main { flex: 1; min-height: 0; display: flex; flex-direction: column; }
      tcpscript-diagram { flex: 1 1 58%; min-height: 160px; }
      aside { flex: 1 1 42%; min-height: 0; overflow-y: auto; border-top: 1px solid var(--border); }
      aside:focus-visible { outline: 1px solid var(--focus); outline-offset: -1px; }
      @container (min-width: 780px) {
        main { flex-direction: row; }
        tcpscript-diagram { flex: 1 1 0; }
        aside { flex: 0 0 clamp(300px, 36%, 480px); border-top: 0; border-left: 1px solid var(--border); }
      }
      .changed {
        margin: 0; padding: 5px 10px; display: flex; flex-wrap: wrap; gap: 2px 10px; align-items: baseline; font: var(--size) var(--ui);
        border-bottom: 1px solid var(--border); background: color-mix(in srgb, var(--warn) 14%, var(--bg));
      }
      .changed button { font: inherit; color: var(--link); background: none; border: 0; padding: 0; cursor: pointer; text-decoration: underline; }
      .changed button:focus-visible { outline: 1px solid var(--focus); outline-offset: 1px; }
      .empty { margin: auto; padding: 24px; text-align: center; color: var(--muted); font: var(--size) var(--ui); }
    `,
  ];

  @state() private panel: PanelState = EMPTY_STATE;
  @state() private numbers: Numbers = 'relative';

  private readonly editor = connectEditor();
  private leaveKeys: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.numbers = this.editor.preferences().numbers;
    window.addEventListener('message', this.heard);
    this.leaveKeys = takeDebugKeys((step) => this.takeStep(step));
    this.addEventListener(PanelRequest.type, this.requested);
    this.addEventListener(NumbersChanged.type, this.numbersChanged);
    this.editor.post({ type: 'ready' });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('message', this.heard);
    this.leaveKeys?.();
    this.removeEventListener(PanelRequest.type, this.requested);
    this.removeEventListener(NumbersChanged.type, this.numbersChanged);
  }

  protected override render(): TemplateResult {
    const { panel, numbers } = this;
    if (panel.kind === 'empty')
      return html`<p class="empty">The diagram appears when a script is being stepped through.</p>`;
    const { run, moment } = panel;
    const ended = panel.kind === 'ended';
    const progress = panel.kind === 'live' ? panel.progress : null;
    return html`
      <tcpscript-toolbar .run=${run} .moment=${moment} .numbers=${numbers} .ended=${ended} .progress=${progress}></tcpscript-toolbar>
      ${panel.kind === 'live' && panel.scriptChanged ? this.drawChanged() : nothing}
      <main aria-label=${run.title}>
        <tcpscript-diagram .run=${run} .moment=${moment} .numbers=${numbers} .ended=${ended}></tcpscript-diagram>
        <aside aria-label="The current moment" tabindex="0">
          <tcpscript-cause .moment=${moment}></tcpscript-cause>
          <tcpscript-chain ?hidden=${moment.because.length === 0} .chain=${moment.because} .moment=${moment.index} .ended=${ended}></tcpscript-chain>
          <tcpscript-waiting .hosts=${moment.hosts}></tcpscript-waiting>
          <tcpscript-table .hosts=${moment.hosts} .numbers=${numbers}></tcpscript-table>
        </aside>
      </main>
      <div class="unseen" role="status" aria-live="polite">${formatTime(moment.timeUs)}: ${moment.title}</div>`;
  }

  private drawChanged(): TemplateResult {
    return html`<p class="changed" role="alert">The script was changed. This run goes on with the text as it was when the run began.
      <button @click=${() => this.post({ type: 'restart' })}>Restart with the new text</button></p>`;
  }

  private readonly heard = (event: MessageEvent<unknown>): void => {
    const message = readHostMessage(event.data);
    if (message !== null) this.panel = reduce(this.panel, message);
  };

  private readonly requested = (event: Event): void => {
    if (event instanceof PanelRequest) for (const message of event.messages) this.post(message);
  };

  private readonly numbersChanged = (event: Event): void => {
    if (!(event instanceof NumbersChanged)) return;
    this.numbers = event.numbers;
    this.editor.keep({ numbers: event.numbers });
  };

  /** Asks for a step, unless nothing stands that could take one. */
  private takeStep(step: PanelStep): boolean {
    const { panel } = this;
    if (panel.kind !== 'live' || panel.progress !== null) return false;
    this.post({ type: 'step', step });
    return true;
  }

  private post(message: PanelMessage): void {
    this.editor.post(message);
  }
}
