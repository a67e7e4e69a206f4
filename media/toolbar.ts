import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PanelStep } from '../src/protocol/messages';
import type { MomentView, RunView } from '../src/protocol/view';
import { formatTime, plural } from './format';
import { stepIcon } from './icons';
import { PanelRequest } from './panelRequest';
import type { Progress } from './store';
import type { Numbers } from './vscodeApi';

const BUTTONS: readonly { readonly step: PanelStep; readonly name: string; readonly back: boolean }[] = [
  { step: 'reverseContinue', name: 'Run back to a breakpoint or the start', back: true },
  { step: 'stepBack', name: 'Step back one statement', back: true },
  { step: 'stepBackEvent', name: 'Step back one event', back: true },
  { step: 'stepIn', name: 'Step into: one event on', back: false },
  { step: 'next', name: 'Step over: one statement on', back: false },
  { step: 'continue', name: 'Continue to a breakpoint or the end', back: false },
];

/** The choice between relative and absolute numbers was changed; goes up to the panel. */
export class NumbersChanged extends Event {
  static readonly type = 'numbers-changed';

  constructor(readonly numbers: Numbers) {
    super(NumbersChanged.type, { bubbles: true, composed: true });
  }
}

/** Buttons of the debugger's steps, the slider over all moments, and the way numbers are written. */
@customElement('tcpscript-toolbar')
export class Toolbar extends LitElement {
  static override styles = css`
    :host {
      display: flex; flex-wrap: wrap; align-items: center; gap: 4px 10px; padding: 5px 10px;
      border-bottom: 1px solid var(--border); background: var(--bg); color: var(--fg); font: var(--size) var(--ui);
    }
    .steps { display: flex; gap: 2px; }
    .gap { width: 6px; }
    button {
      font: inherit; color: inherit; background: none; border: 1px solid transparent; border-radius: 5px; cursor: pointer;
    }
    .steps button { width: 26px; height: 24px; padding: 0; display: grid; place-items: center; }
    button:hover:enabled { background: var(--hover); }
    button:disabled { opacity: 0.4; cursor: default; }
    :is(button, input):focus-visible { outline: 1px solid var(--focus); outline-offset: 1px; }
    .slider { flex: 1 1 210px; display: flex; align-items: center; gap: 0 10px; min-width: min-content; }
    input { flex: 1; min-width: 60px; margin: 0; height: 18px; accent-color: var(--now); cursor: pointer; }
    input:disabled { cursor: default; }
    .place { white-space: nowrap; font-variant-numeric: tabular-nums; }
    .place span { color: var(--muted); }
    .numbers { padding: 2px 8px; border-color: var(--border); font-size: 12px; }
    @container (max-width: 520px) { .slider { order: 1; flex-basis: 100%; flex-wrap: wrap; } .numbers { margin-left: auto; } }
    :host-context(:is(.vscode-high-contrast, .vscode-high-contrast-light)) .steps button { border-color: var(--border); }
  `;

  @property({ attribute: false }) run: RunView | null = null;
  @property({ attribute: false }) moment: MomentView | null = null;
  @property({ attribute: false }) numbers: Numbers = 'relative';
  @property({ type: Boolean }) ended = false;
  /** How far the run has got, while it goes on. */
  @property({ attribute: false }) progress: Progress | null = null;

  protected override render(): TemplateResult {
    const { progress } = this;
    const count = this.run?.momentCount ?? 0;
    const { index = 0, timeUs = 0, title = '' } = this.moment ?? {};
    const idle = this.ended || this.moment === null;
    const busy = idle || progress !== null;
    return html`
      <div class="steps" role="toolbar" aria-label="Steps" @keydown=${this.pressed}>
        ${BUTTONS.map(
          ({ step, name, back }, place) => html`${place === 3 ? html`<span class="gap"></span>` : ''}
          <button title=${name} aria-label=${name} ?disabled=${busy || (back && index === 0)}
            @click=${() => this.dispatchEvent(new PanelRequest([{ type: 'step', step }]))}>
            <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">${stepIcon(step)}</svg>
          </button>`,
        )}
      </div>
      <div class="slider">
        <input type="range" min="0" max=${Math.max(0, count - 1)} .value=${String(index)} ?disabled=${idle}
          aria-label="Moment" aria-valuetext="${index + 1} of ${count}, ${formatTime(timeUs)}: ${title}" @input=${this.slid}>
        <div class="place">${progress === null ? this.drawPlace(count, index, timeUs) : drawProgress(progress)}</div>
      </div>
      <button class="numbers" aria-pressed=${this.numbers === 'absolute'} @click=${this.toggled}
        title="Sequence numbers: counted from the ISN, or as they are on the wire">
        ${this.numbers === 'relative' ? 'relative' : 'absolute'}</button>`;
  }

  private drawPlace(count: number, index: number, timeUs: number): TemplateResult {
    const finished = this.run?.finished === true;
    return html`${this.ended ? html`<span>ended · </span>` : ''}<b>${formatTime(timeUs)}</b>
      <span title="Moment ${index + 1} of the ${count} that are known${finished ? '' : ' so far'}">· ${count === 0 ? 0 : index + 1} / ${count}${finished ? '' : '+'}</span>`;
  }

  private readonly slid = (event: InputEvent): void => {
    const { target } = event;
    if (!(target instanceof HTMLInputElement)) return;
    this.dispatchEvent(new PanelRequest([{ type: 'travel', moment: target.valueAsNumber }]));
  };

  private readonly toggled = (): void => {
    this.dispatchEvent(new NumbersChanged(this.numbers === 'relative' ? 'absolute' : 'relative'));
  };

  /** Left and right go from button to button, as in any toolbar. */
  private readonly pressed = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined || !(event.target instanceof HTMLButtonElement)) return;
    const buttons = [...this.renderRoot.querySelectorAll<HTMLButtonElement>('.steps button:enabled')];
    buttons[buttons.indexOf(event.target) + by]?.focus();
    event.preventDefault();
  };
}

function drawProgress({ momentCount, timeUs }: Progress): TemplateResult {
  return html`<span>running · </span><b>${formatTime(timeUs)}</b> <span>· ${plural(momentCount, 'moment')}</span>`;
}
