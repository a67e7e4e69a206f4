import { PANEL_STEPS, type PanelStep } from '../protocol/messages';
import type { Outcome } from '../session/moment';
import { previousStop, type StepSize } from '../session/stepping';
import type { BreakpointRequests } from './breakpointRequests';
import type { AskedBy, Client } from './client';
import { DebuggedRun, type Stop } from './debuggedRun';
import type { DapHost } from './host';
import { type LaunchArguments, type LoadedScript, loadScript, readLaunchArguments } from './launch';
import {
  asRecord,
  describeError,
  type Handler,
  type RawArguments,
  type Reply,
  RequestError,
  requiredIndex,
} from './requests';
import { Runner } from './runner';

/** What a finished run gives back to whoever started it; the same numbers as the command line's exit codes. */
const EXIT_CODES: Readonly<Record<Outcome, number>> = { passed: 0, failed: 1, error: 2, limit: 4 };

/** The panel is told of a run's progress at most once in so many milliseconds. */
const PROGRESS_MS = 100;

/** The run that there is, and everything that begins it, moves it or ends it. */
export class Movements {
  private readonly runner: Runner;
  private launch: LaunchArguments | null = null;
  private current: DebuggedRun | null = null;
  private configured = false;
  private ended = false;
  /** When the panel was told last how far the run has got, on the host's clock. */
  private toldPanelMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly host: DapHost,
    private readonly stops: BreakpointRequests,
    private readonly client: Client,
  ) {
    this.runner = new Runner(host);
  }

  /** What a client asks for, by name. */
  readonly handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
    ['launch', (args) => this.onLaunch(args)],
    ['configurationDone', () => this.onConfigurationDone()],
    ['restart', (args) => this.onRestart(args)],
    ['continue', () => this.goOn('client')],
    ['next', (args) => this.step(isByEvent(args) ? 'event' : 'statement', 'client')],
    ['stepIn', () => this.step('event', 'client')],
    ['stepOut', () => this.step('out', 'client')],
    ['stepBack', (args) => this.stepBack(isByEvent(args) ? 'event' : 'statement', 'client')],
    ['reverseContinue', () => this.moveAtOnce((run) => run.reverseContinue(), 'client')],
  ]);

  /** What a client asks for and can not wait behind a request that reads a slow file. */
  readonly urgentHandlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
    ['pause', () => this.onPause()],
    ['terminate', () => ({ after: () => this.terminate() })],
  ]);

  private readonly panelSteps: Readonly<Record<PanelStep, () => Reply>> = {
    stepIn: () => this.step('event', 'panel'),
    next: () => this.step('statement', 'panel'),
    stepBack: () => this.stepBack('statement', 'panel'),
    stepBackEvent: () => this.stepBack('event', 'panel'),
    continue: () => this.goOn('panel'),
    reverseContinue: () => this.moveAtOnce((run) => run.reverseContinue(), 'panel'),
  };

  /** The run that there is; null before a script has been launched. */
  get run(): DebuggedRun | null {
    return this.current;
  }

  /** The run, which must stand; throws {@link RequestError} otherwise. */
  standing(): DebuggedRun {
    const run = this.standingOrRunning();
    if (this.runner.running) throw new RequestError('The script is running: pause it first.');
    return run;
  }

  /** The run, whether it stands or not; throws {@link RequestError} when there is none, or none any more. */
  standingOrRunning(): DebuggedRun {
    if (this.current === null) throw new RequestError('No script has been launched yet.');
    if (this.ended) throw new RequestError('The session has ended.');
    return this.current;
  }

  /** A step that the panel asks for by its name. */
  panelStep(args: RawArguments): Reply {
    const step = PANEL_STEPS.find((name) => name === args.step);
    if (step === undefined) throw new RequestError(`"step" must be one of ${PANEL_STEPS.join(', ')}.`);
    return this.panelSteps[step]();
  }

  /** Stands at the moment that the panel asks for. */
  panelTravel(args: RawArguments): Reply {
    const index = requiredIndex(args, 'moment');
    this.standingOrRunning().assertKnown(index);
    return this.moveAtOnce((run) => run.travel(index), 'panel');
  }

  /** Gives up whatever is under way. */
  cancel(): void {
    this.runner.cancel();
  }

  /** From now on nothing is told any more. */
  close(): void {
    this.ended = true;
  }

  /** Ends the session; the client then disconnects. */
  terminate(): void {
    this.runner.cancel();
    if (this.ended) return;
    this.ended = true;
    const outcome = this.current?.session.outcome() ?? null;
    if (this.current !== null) this.client.tellPanel({ type: 'ended' });
    this.client.terminated(outcome === null ? null : EXIT_CODES[outcome]);
  }

  /** What breaks a run ends the session, with a word about it: never a session that hangs. */
  breakOff(error: unknown): void {
    this.client.say({ category: 'stderr', text: `The run broke off: ${describeError(error)}`, line: null });
    this.terminate();
  }

  private async onLaunch(args: RawArguments): Promise<Reply> {
    if (this.current !== null) throw new RequestError('A script is already being debugged.');
    const launch = readLaunchArguments(args);
    this.begin(launch, await loadScript(this.host, launch));
    return { after: () => this.startWhenReady() };
  }

  private onConfigurationDone(): Reply {
    const first = !this.configured;
    this.configured = true;
    return first ? { after: () => this.startWhenReady() } : {};
  }

  /** Reads the script afresh; a script that can not run any more leaves the run that there is. */
  private async onRestart(args: RawArguments): Promise<Reply> {
    if (this.launch === null) throw new RequestError('There is nothing to restart: no script has been launched.');
    const updated = asRecord(args.arguments);
    const launch = typeof updated.program === 'string' ? readLaunchArguments(updated) : this.launch;
    const script = await loadScript(this.host, launch);
    this.runner.cancel();
    this.ended = false;
    this.begin(launch, script);
    return { after: () => this.startWhenReady() };
  }

  private begin(launch: LaunchArguments, script: LoadedScript): void {
    this.launch = launch;
    this.current = new DebuggedRun(script, this.stops);
    this.client.sayDiagnostics(script.path, script.diagnostics);
    for (const breakpoint of this.stops.place(script)) this.client.breakpointChanged(breakpoint);
  }

  /** The run begins when both have come, in whatever order: the launch, and the end of the client's configuration. */
  private startWhenReady(): void {
    const { launch, current: run, configured } = this;
    if (launch === null || run === null || !configured) return;
    if (launch.noDebug) this.go(run, () => this.runThrough(run));
    else if (launch.stopOnEntry) this.go(run, async () => this.stopped(run, run.enter(), 'client'));
    else this.go(run, () => this.moveForward(run, null, 'client'));
  }

  private async runThrough(run: DebuggedRun): Promise<void> {
    if (!(await run.toEnd(this.runner, () => this.underWay(run)))) return;
    this.sayNews(run);
    this.client.tellPanel(run.panel.update(run.view()));
    this.terminate();
  }

  private onPause(): Reply {
    const run = this.standingOrRunning();
    if (this.runner.running) return { after: () => this.runner.pause() };
    return { after: () => this.stopped(run, { ...run.placeStop(), reason: 'pause' }, 'client') };
  }

  private goOn(askedBy: AskedBy): Reply {
    const run = this.standing();
    const body = { allThreadsContinued: true };
    if (run.atEnd) return { body, after: () => this.terminate() };
    return { body, after: () => this.go(run, () => this.moveForward(run, null, askedBy)) };
  }

  private step(size: StepSize, askedBy: AskedBy): Reply {
    const run = this.standing();
    return { after: () => this.go(run, () => this.moveForward(run, size, askedBy)) };
  }

  private stepBack(granularity: 'statement' | 'event', askedBy: AskedBy): Reply {
    return this.moveAtOnce((run) => {
      previousStop(run.session, granularity);
      return run.placeStop();
    }, askedBy);
  }

  /** A movement to a place that is known already. A run under way is given up for it, so `move` must not refuse. */
  private moveAtOnce(move: (run: DebuggedRun) => Stop, askedBy: AskedBy): Reply {
    const run = this.standingOrRunning();
    this.runner.cancel();
    const stop = move(run);
    return { after: () => this.stopped(run, stop, askedBy) };
  }

  private async moveForward(run: DebuggedRun, size: StepSize | null, askedBy: AskedBy): Promise<void> {
    // A client knows that a step of its own runs; of one that the panel asked for it is told when it takes long.
    let told = askedBy === 'client';
    const stop = await run.forward(this.runner, size, () => {
      if (!told) this.client.continued();
      told = true;
      this.underWay(run);
    });
    if (stop !== null) this.stopped(run, stop, askedBy);
  }

  private go(run: DebuggedRun, move: () => Promise<void>): void {
    move().catch((error: unknown) => {
      if (this.current === run) this.breakOff(error);
    });
  }

  /** First of all the client hears that the script stands: what the panel is told may be long. */
  private stopped(run: DebuggedRun, stop: Stop, askedBy: AskedBy): void {
    if (this.current !== run || this.ended) return;
    run.moved();
    this.sayNews(run);
    this.client.stopped(stop, askedBy);
    this.client.tellPanel(run.panel.update(run.view()));
  }

  /** While a run goes on, the panel hears how far it has got, now and then; the diagram waits until it stands. */
  private underWay(run: DebuggedRun): void {
    this.sayNews(run);
    const nowMs = this.host.nowMs();
    if (nowMs - this.toldPanelMs < PROGRESS_MS) return;
    this.toldPanelMs = nowMs;
    const { momentCount, position } = run.session;
    this.client.tellPanel({ type: 'running', momentCount, timeUs: run.session.moment(position).timeUs });
  }

  private sayNews(run: DebuggedRun): void {
    for (const line of run.console.news(run.session)) this.client.say(line, run.script.path);
  }
}

function isByEvent(args: RawArguments): boolean {
  return args.granularity === 'instruction';
}
