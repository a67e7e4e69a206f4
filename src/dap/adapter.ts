import {
  BreakpointEvent,
  DebugSession,
  Event,
  ExitedEvent,
  InitializedEvent,
  Response,
  TerminatedEvent,
} from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { DAP_CUSTOM, type HostMessage } from '../protocol/messages';
import type { Outcome } from '../session/moment';
import { previousStop, type StepSize } from '../session/stepping';
import { BreakpointRequests } from './breakpointRequests';
import { CAPABILITIES } from './capabilities';
import { diagnosticLine, type Numbering, outputOf, stackFrames } from './clientTerms';
import type { ConsoleLine } from './console';
import { DebuggedRun, type Stop } from './debuggedRun';
import type { DapHost } from './host';
import {
  baseName,
  type LaunchArguments,
  type LoadedScript,
  loadScript,
  readLaunchArguments,
  ScriptError,
} from './launch';
import {
  asRecord,
  optionalIndex,
  optionalText,
  type RawArguments,
  type Reply,
  RequestError,
  requiredIndex,
} from './requests';
import { Runner } from './runner';

/** A scenario has one thread of control: the script. */
const THREAD_ID = 1;

/** What a finished run gives back to whoever started it; the same numbers as the command line's exit codes. */
const EXIT_CODES: Readonly<Record<Outcome, number>> = { passed: 0, failed: 1, error: 2, limit: 4 };

/** How the base class begins its report of a message that it could not read. */
const BAD_MESSAGE = 'Error handling data:';

type Handler = (args: RawArguments) => Reply | Promise<Reply>;

/**
 * The debug adapter: translates the Debug Adapter Protocol into movements and questions of one session.
 * Use {@link DebugSession.start} with two streams, or hand it to VS Code as an inline debug adapter.
 */
export class TcpscriptDebugSession extends DebugSession {
  private readonly host: DapHost;
  private readonly runner: Runner;
  private readonly stops: BreakpointRequests;
  private launch: LaunchArguments | null = null;
  private run: DebuggedRun | null = null;
  private configured = false;
  private ended = false;
  /** Requests are answered in the order in which they came, though some of them read files. */
  private queue: Promise<void> = Promise.resolve();

  private readonly numbering: Numbering = {
    line: (line) => this.convertDebuggerLineToClient(line),
    column: (column) => this.convertDebuggerColumnToClient(column),
    fromLine: (line) => this.convertClientLineToDebugger(line),
    fromColumn: (column) => this.convertClientColumnToDebugger(column),
    path: (path) => this.convertDebuggerPathToClient(path),
  };

  /** Requests by name. What is not in the table is answered by an error. */
  private readonly handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
    ['launch', (args) => this.onLaunch(args)],
    ['configurationDone', () => this.onConfigurationDone()],
    ['restart', (args) => this.onRestart(args)],
    ['setBreakpoints', async (args) => ({ body: await this.stops.set(args) })],
    ['setExceptionBreakpoints', (args) => ({ body: this.stops.setExceptions(args) })],
    ['breakpointLocations', async (args) => ({ body: await this.stops.locations(args) })],
    ['threads', () => ({ body: { threads: [{ id: THREAD_ID, name: this.threadName() }] } })],
    ['continue', () => this.onContinue()],
    ['next', (args) => this.onStep(isByEvent(args) ? 'event' : 'statement')],
    ['stepIn', () => this.onStep('event')],
    ['stepOut', () => this.onStep('out')],
    ['stepBack', (args) => this.onStepBack(isByEvent(args) ? 'event' : 'statement')],
    ['reverseContinue', () => this.onMove((run) => run.reverseContinue())],
    ['stackTrace', (args) => this.onStackTrace(args)],
    ['scopes', () => ({ body: { scopes: this.standing().scopes() } })],
    ['variables', (args) => this.onVariables(args)],
    ['evaluate', (args) => this.onEvaluate(args)],
    ['completions', (args) => this.onCompletions(args)],
    ['exceptionInfo', () => ({ body: this.standing().exceptionInfo() })],
    [DAP_CUSTOM.travel, (args) => this.onTravel(args)],
    [DAP_CUSTOM.stepBackEvent, () => this.onStepBack('event')],
    [DAP_CUSTOM.view, () => this.onView()],
  ]);

  /** Requests that must not wait behind a request that reads a slow file. */
  private readonly urgentHandlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
    ['pause', () => this.onPause()],
    ['terminate', () => ({ after: () => this.terminate() })],
    ['disconnect', () => this.onDisconnect()],
  ]);

  constructor(host: DapHost) {
    super();
    this.host = host;
    this.runner = new Runner(host);
    this.stops = new BreakpointRequests(host, this.numbering);
    this.setDebuggerLinesStartAt1(true);
    this.setDebuggerColumnsStartAt1(true);
    // The base class ends the session at the first message that is no JSON; only a broken stream is a reason to.
    this.removeAllListeners('error');
    this.on('error', (event: unknown) => this.onProtocolError(event));
  }

  /** Called by VS Code when it is done with an inline adapter. */
  override dispose(): void {
    this.runner.cancel();
    super.dispose();
  }

  override handleMessage(message: DebugProtocol.ProtocolMessage): void {
    const { type, command, seq } = asRecord(message);
    if (type === 'request' && (typeof command !== 'string' || typeof seq !== 'number')) {
      this.say({ category: 'stderr', text: 'A request without a command or a number was not answered.', line: null });
    } else if (type === 'request' || type === 'response') {
      super.handleMessage(message);
    }
  }

  /** `Event` of the base class: its body is a text that begins with where the error comes from. */
  private onProtocolError(event: unknown): void {
    const reason = String(asRecord(event).body);
    if (!reason.startsWith(BAD_MESSAGE)) {
      this.shutdown();
      return;
    }
    const text = `A message of the client was passed over, since it can not be read:${reason.slice(BAD_MESSAGE.length)}`;
    this.host.log?.(text);
    this.say({ category: 'stderr', text, line: null });
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    const { command } = request;
    if (command === 'initialize') {
      // The protocol makes pathFormat optional; the base class would refuse a client that leaves it out.
      super.dispatchRequest({ ...request, arguments: { pathFormat: 'path', ...asRecord(request.arguments) } });
      return;
    }
    const urgent = this.urgentHandlers.get(command);
    if (urgent !== undefined) void this.answer(request, urgent);
    else this.queue = this.queue.then(() => this.answer(request, this.handlers.get(command)));
  }

  protected override initializeRequest(response: DebugProtocol.InitializeResponse): void {
    response.body = CAPABILITIES;
    this.sendResponse(response);
    this.sendEvent(new InitializedEvent());
  }

  private async answer(request: DebugProtocol.Request, handler: Handler | undefined): Promise<void> {
    const response: DebugProtocol.Response = new Response(request);
    let reply: Reply;
    try {
      if (handler === undefined) throw new RequestError(`The request "${request.command}" is not known here.`);
      reply = await handler(asRecord(request.arguments));
    } catch (error) {
      this.refuse(response, error);
      return;
    }
    if (reply.body !== undefined) response.body = reply.body;
    this.sendResponse(response);
    try {
      reply.after?.();
    } catch (error) {
      this.breakOff(error);
    }
  }

  private refuse(response: DebugProtocol.Response, error: unknown): void {
    if (error instanceof ScriptError) this.sayDiagnostics(error.path, error.diagnostics);
    if (error instanceof RequestError) {
      this.sendErrorResponse(response, error.toMessage());
      return;
    }
    this.say({ category: 'stderr', text: `Internal error in "${response.command}": ${describe(error)}`, line: null });
    this.sendErrorResponse(
      response,
      new RequestError('Something went wrong inside the debugger; the debug console has the details.').toMessage(),
    );
  }

  // Launching and ending

  private async onLaunch(args: RawArguments): Promise<Reply> {
    if (this.run !== null) throw new RequestError('A script is already being debugged.');
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
    this.run = new DebuggedRun(script, this.stops);
    this.sayDiagnostics(script.path, script.diagnostics);
    for (const breakpoint of this.stops.place(script)) this.sendEvent(new BreakpointEvent('changed', breakpoint));
  }

  /** The run begins when both have come, in whatever order: the launch, and the end of the client's configuration. */
  private startWhenReady(): void {
    const { launch, run, configured } = this;
    if (launch === null || run === null || !configured) return;
    if (launch.noDebug) this.go(run, () => this.runThrough(run));
    else if (launch.stopOnEntry) this.go(run, async () => this.stopped(run, run.enter()));
    else this.go(run, () => this.moveForward(run, null));
  }

  private async runThrough(run: DebuggedRun): Promise<void> {
    if (!(await run.toEnd(this.runner, () => this.underWay(run)))) return;
    this.sendPanel(run.panel.update(run.view()));
    this.terminate();
  }

  private onPause(): Reply {
    const run = this.standingOrRunning();
    if (this.runner.running) return { after: () => this.runner.pause() };
    return { after: () => this.stopped(run, { ...run.placeStop(), reason: 'pause' }) };
  }

  private onDisconnect(): Reply {
    this.runner.cancel();
    return {
      after: () => {
        this.ended = true;
        this.shutdown();
      },
    };
  }

  /** Ends the session; the client then disconnects. */
  private terminate(): void {
    this.runner.cancel();
    if (this.ended) return;
    this.ended = true;
    const outcome = this.run?.session.outcome() ?? null;
    if (this.run !== null) this.sendPanel({ type: 'ended' });
    if (outcome !== null) this.sendEvent(new ExitedEvent(EXIT_CODES[outcome]));
    this.sendEvent(new TerminatedEvent());
  }

  // Moving

  private onContinue(): Reply {
    const run = this.standing();
    const body = { allThreadsContinued: true };
    if (run.atEnd) return { body, after: () => this.terminate() };
    return { body, after: () => this.go(run, () => this.moveForward(run, null)) };
  }

  private onStep(size: StepSize): Reply {
    const run = this.standing();
    return { after: () => this.go(run, () => this.moveForward(run, size)) };
  }

  private onStepBack(granularity: 'statement' | 'event'): Reply {
    return this.onMove((run) => {
      previousStop(run.session, granularity);
      return run.placeStop();
    });
  }

  private onTravel(args: RawArguments): Reply {
    const index = requiredIndex(args, 'moment');
    this.standingOrRunning().assertKnown(index);
    return this.onMove((run) => run.travel(index));
  }

  /** A movement to a place that is known already. A run under way is given up for it, so `move` must not refuse. */
  private onMove(move: (run: DebuggedRun) => Stop): Reply {
    const run = this.standingOrRunning();
    this.runner.cancel();
    const stop = move(run);
    return { after: () => this.stopped(run, stop) };
  }

  private async moveForward(run: DebuggedRun, size: StepSize | null): Promise<void> {
    const stop = await run.forward(this.runner, size, () => this.underWay(run));
    if (stop !== null) this.stopped(run, stop);
  }

  private go(run: DebuggedRun, move: () => Promise<void>): void {
    move().catch((error: unknown) => {
      if (this.run === run) this.breakOff(error);
    });
  }

  /** What breaks a run ends the session, with a word about it: never a session that hangs. */
  private breakOff(error: unknown): void {
    this.say({ category: 'stderr', text: `The run broke off: ${describe(error)}`, line: null });
    this.terminate();
  }

  private stopped(run: DebuggedRun, stop: Stop): void {
    if (this.run !== run || this.ended) return;
    run.moved();
    this.sayNews(run);
    const body: DebugProtocol.StoppedEvent['body'] = {
      reason: stop.reason,
      description: stop.description,
      threadId: THREAD_ID,
      allThreadsStopped: true,
      ...(stop.text === undefined ? {} : { text: stop.text }),
      ...(stop.hitBreakpointIds === undefined ? {} : { hitBreakpointIds: [...stop.hitBreakpointIds] }),
    };
    this.sendEvent(new Event('stopped', body));
    this.sendPanel(run.panel.update(run.view()));
  }

  // Looking

  private onStackTrace(args: RawArguments): Reply {
    const run = this.standing();
    const frames = stackFrames(run.frames(), run.session.position, run.script.path, this.numbering);
    const start = optionalIndex(args, 'startFrame') ?? 0;
    const levels = optionalIndex(args, 'levels') ?? 0;
    const end = levels === 0 ? frames.length : start + levels;
    return { body: { stackFrames: frames.slice(start, end), totalFrames: frames.length } };
  }

  private onVariables(args: RawArguments): Reply {
    return { body: { variables: this.standing().variables(requiredIndex(args, 'variablesReference')) } };
  }

  private onEvaluate(args: RawArguments): Reply {
    const expression = optionalText(args, 'expression') ?? '';
    if (expression.trim() === '') throw new RequestError('There is no expression to evaluate.');
    return { body: this.standing().evaluate(expression) };
  }

  private onCompletions(args: RawArguments): Reply {
    const text = optionalText(args, 'text') ?? '';
    const column = this.numbering.fromColumn(optionalIndex(args, 'column') ?? text.length + 1);
    return { body: { targets: this.standing().completions(text.slice(0, Math.max(0, column - 1))) } };
  }

  private onView(): Reply {
    if (this.run === null) throw new RequestError('No script has been launched yet.');
    return { body: this.run.panel.whole(this.run.view()) };
  }

  private threadName(): string {
    if (this.run === null) return 'script';
    const { scenario, path } = this.run.script;
    return scenario.title === '' ? baseName(path) : scenario.title;
  }

  private standing(): DebuggedRun {
    const run = this.standingOrRunning();
    if (this.runner.running) throw new RequestError('The script is running: pause it first.');
    return run;
  }

  private standingOrRunning(): DebuggedRun {
    if (this.run === null) throw new RequestError('No script has been launched yet.');
    if (this.ended) throw new RequestError('The session has ended.');
    return this.run;
  }

  // Telling

  private sayNews(run: DebuggedRun): void {
    for (const line of run.console.news(run.session)) this.say(line, run.script.path);
  }

  /** A run that goes on for long is told of in portions: a message of many megabytes would stop the client's pipe. */
  private underWay(run: DebuggedRun): void {
    this.sayNews(run);
    if (run.panel.isFarBehind) this.sendPanel(run.panel.update(run.view()));
  }

  private sayDiagnostics(path: string, diagnostics: LoadedScript['diagnostics']): void {
    for (const diagnostic of diagnostics) this.say(diagnosticLine(path, diagnostic), path);
  }

  private say(line: ConsoleLine, path: string | null = null): void {
    this.sendEvent(outputOf(line, path, this.numbering));
  }

  private sendPanel(message: HostMessage): void {
    this.sendEvent(new Event(DAP_CUSTOM.panel, message));
  }
}

function isByEvent(args: RawArguments): boolean {
  return args.granularity === 'instruction';
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
