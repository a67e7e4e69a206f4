import type { DebugProtocol } from '@vscode/debugprotocol';
import { segmentRecord } from '../engine/sim/world';
import { projectMoment } from '../protocol/project';
import type { HostView, MomentView } from '../protocol/view';
import { RUN_LIMITS } from '../session/bounds';
import type { Moment } from '../session/moment';
import { Session } from '../session/session';
import { failedCheckAt, firstStop, type StepSize, type StopTest, seekBack, stepTest } from '../session/stepping';
import { answerWhy, chainOfHost } from '../session/why';
import type { BreakpointTable, PlacedBreakpoint } from './breakpoints';
import { completionsFor } from './completions';
import { RunConsole } from './console';
import { Handles } from './handles';
import type { LoadedScript } from './launch';
import { PanelFeed } from './panelFeed';
import { RequestError } from './requests';
import type { Runner } from './runner';
import { type Frame, framesOf } from './stack';
import { type Expand, hostVariables, STATE_NAME, scopesOf } from './variables';

/** Why the session stands where it stands, as a client is told. */
export interface Stop {
  readonly reason: 'entry' | 'step' | 'breakpoint' | 'exception' | 'pause' | 'goto';
  /** A few words for people. */
  readonly description: string;
  /** More words, for a dialog or a tooltip. */
  readonly text?: string;
  readonly hitBreakpointIds?: readonly number[];
}

/** What may stop a run on its way besides its goal. */
export interface Interruptions {
  readonly breakpoints: BreakpointTable;
  /** Whether a failed check stops the run. */
  readonly stopOnFailedChecks: boolean;
}

const FALSE_VALUES: ReadonlySet<string> = new Set(['false', '0']);

/** One run of one scenario under the debugger: its session, and what the client has been told of it. */
export class DebuggedRun {
  readonly script: LoadedScript;
  readonly session: Session;
  readonly panel: PanelFeed;
  readonly console = new RunConsole();
  private readonly interruptions: Interruptions;
  private readonly handles = new Handles<Expand>();
  private projected: MomentView | null = null;

  constructor(script: LoadedScript, interruptions: Interruptions) {
    this.script = script;
    this.interruptions = interruptions;
    this.session = new Session(script.scenario, { limits: RUN_LIMITS });
    this.panel = new PanelFeed(this.session);
  }

  /** Whether it stands at the end of the run. */
  get atEnd(): boolean {
    return this.session.finished && this.session.position === this.session.momentCount - 1;
  }

  /** The moment where it stands, for eyes. */
  view(): MomentView {
    const known = this.projected;
    if (known !== null && known.index === this.session.position) return known;
    this.projected = projectMoment(this.session);
    return this.projected;
  }

  /** Goes to the first statement. */
  enter(): Stop {
    if (this.session.momentCount === 1) this.session.forward();
    this.session.travel(firstStop(this.session));
    return { reason: 'entry', description: 'Before the first statement' };
  }

  /**
   * Runs forward by one step, or with `size` null until something stops it. `onSlice` is called whenever
   * more of the run is known and it goes on. null when the run was given up on the way.
   */
  async forward(runner: Runner, size: StepSize | null, onSlice: () => void): Promise<Stop | null> {
    const goal: StopTest = size === null ? () => false : stepTest(this.session, size);
    const test: StopTest = (moment) => goal(moment) || this.mayInterrupt(moment);
    for (;;) {
      const result = await runner.run(this.session, test, onSlice);
      if (result === 'cancelled') return null;
      if (result === 'paused') return { reason: 'pause', description: 'Paused' };
      const stop = this.interruption() ?? (this.atEnd ? this.endStop() : null);
      if (stop !== null) return stop;
      if (goal(this.moment())) return { reason: 'step', description: this.momentCaption() };
    }
  }

  /** Runs to the end without stops. False when the run was given up on the way. */
  async toEnd(runner: Runner, onSlice: () => void): Promise<boolean> {
    return (await runner.run(this.session, () => false, onSlice)) === 'end';
  }

  /** Goes back to a breakpoint, or to the first statement. */
  reverseContinue(): Stop {
    while (seekBack(this.session, (moment) => this.interruptions.breakpoints.at(moment).length > 0)) {
      const stop = this.breakpointStop();
      if (stop !== null) return stop;
    }
    return this.enter();
  }

  /** Throws {@link RequestError} when the run has not got to this moment yet. */
  assertKnown(index: number): void {
    const { momentCount } = this.session;
    if (index < momentCount) return;
    throw new RequestError(`There is no moment ${index} yet: the run has got to moment ${momentCount - 1}.`);
  }

  /** Stands at a known moment. */
  travel(index: number): Stop {
    this.session.travel(index);
    return { reason: 'goto', description: this.momentCaption() };
  }

  /** What is told of the place where a movement that cares for nothing else has come to. */
  placeStop(): Stop {
    return this.atEnd ? this.endStop() : { reason: 'step', description: this.momentCaption() };
  }

  /** Forgets the names given to things of the stop before: the session stands somewhere else now. */
  moved(): void {
    this.handles.clear();
  }

  /** The call stack, innermost frame first. */
  frames(): Frame[] {
    return framesOf(this.session, this.view());
  }

  /** The scopes of the moment. */
  scopes(): DebugProtocol.Scope[] {
    const { session } = this;
    return scopesOf(
      {
        view: this.view(),
        momentCount: session.momentCount,
        finished: session.finished,
        outcome: session.outcome(),
        checks: session.checks(session.position),
        record: (id) => segmentRecord(session.world(), id),
        chain: (host) => chainOfHost(session, host, session.position),
      },
      this.handles,
    );
  }

  /** The variables behind a number that {@link scopes} or another variable gave. */
  variables(reference: number): DebugProtocol.Variable[] {
    const expand = this.handles.get(reference);
    if (expand === undefined) throw new RequestError('These variables belong to an earlier stop.');
    return expand();
  }

  /** The value of an expression, a condition or a host, or the answer to `why`; throws {@link RequestError} with what is wrong with it. */
  evaluate(text: string): DebugProtocol.EvaluateResponse['body'] {
    const why = answerWhy(this.session, text);
    if (why !== null) return { result: why.join('\n'), type: 'text', variablesReference: 0 };
    const { host, member } = this.hostOf(text.trim());
    if (host !== undefined && member === null) {
      const reference = this.handles.create(() =>
        hostVariables(host, this.handles, { chain: (name) => chainOfHost(this.session, name, this.session.position) }),
      );
      return { result: host.state, type: 'host', variablesReference: reference };
    }
    if (host !== undefined && member === STATE_NAME) return { result: host.state, type: 'text', variablesReference: 0 };
    if (host !== undefined && member === '') {
      throw new RequestError(`Say which variable of ${host.name} you want, such as \`${host.name}.SND.NXT\`.`);
    }
    const answer = this.session.evaluate(text);
    if ('error' in answer) throw new RequestError(answer.error);
    return { result: answer.value, type: answer.unit, variablesReference: 0 };
  }

  /** What can stand at the end of `text` in the debug console. */
  completions(text: string): DebugProtocol.CompletionItem[] {
    return completionsFor(text, this.view().hosts);
  }

  /** The failed check at which it stands; throws {@link RequestError} when it stands at none. */
  exceptionInfo(): DebugProtocol.ExceptionInfoResponse['body'] {
    const check = failedCheckAt(this.session, this.session.position);
    if (check === null) throw new RequestError('No check failed at this moment.');
    const because = check.why === null ? '' : `\n${check.why}`;
    return {
      exceptionId: `Check failed: ${check.text}`,
      description: `Expected ${check.expected}, but got ${check.actual}.${because}`,
      breakMode: 'always',
      details: {
        message: check.actual,
        typeName: check.kind,
        ...(check.reference === null ? {} : { fullTypeName: check.reference }),
      },
    };
  }

  /** The host that `HOST` or `HOST.member` speaks of, with what follows its dot; undefined when it is no host's name. */
  private hostOf(text: string): { readonly host: HostView | undefined; readonly member: string | null } {
    const { hosts } = this.view();
    const isCalled = (view: HostView, name: string) => view.name === name || (view.main && view.host === name);
    const whole = hosts.find((view) => isCalled(view, text));
    if (whole !== undefined) return { host: whole, member: null };
    const dot = text.indexOf('.');
    const owner = dot < 0 ? undefined : hosts.find((view) => isCalled(view, text.slice(0, dot)));
    return { host: owner, member: owner === undefined ? null : text.slice(dot + 1) };
  }

  private moment(): Moment {
    return this.session.moment(this.session.position);
  }

  private momentCaption(): string {
    // People count from 1, as the panel does.
    return `Moment ${this.session.position + 1}: ${this.moment().title}`;
  }

  private endStop(): Stop {
    const { session } = this;
    const why = session.limitMessage();
    return {
      reason: 'pause',
      description: `Run finished: ${session.outcome() ?? 'no outcome'}`,
      text: `${why ?? 'Nothing is left to happen.'} Step back to look again, or continue to end the session.`,
    };
  }

  private mayInterrupt(moment: Moment): boolean {
    const { breakpoints, stopOnFailedChecks } = this.interruptions;
    if (breakpoints.at(moment).length > 0) return true;
    return stopOnFailedChecks && failedCheckAt(this.session, moment.index) !== null;
  }

  private interruption(): Stop | null {
    const { session } = this;
    const failed = this.interruptions.stopOnFailedChecks ? failedCheckAt(session, session.position) : null;
    if (failed === null) return this.breakpointStop();
    const why = failed.why === null ? '' : ` ${failed.why}`;
    return {
      reason: 'exception',
      description: `Check failed: ${failed.text}`,
      text: `Expected ${failed.expected}, but got ${failed.actual}.${why}`,
    };
  }

  private breakpointStop(): Stop | null {
    const met = this.interruptions.breakpoints.at(this.moment()).filter((breakpoint) => this.holds(breakpoint));
    if (met.length === 0) return null;
    return { reason: 'breakpoint', description: this.momentCaption(), hitBreakpointIds: met.map(({ id }) => id) };
  }

  /** A condition that can not be evaluated stops: whoever wrote it will want to see why. */
  private holds({ requested: { condition } }: PlacedBreakpoint): boolean {
    if (condition === undefined) return true;
    const answer = this.session.evaluate(condition);
    return 'error' in answer || !FALSE_VALUES.has(answer.value);
  }
}
