import { DebugSession, InitializedEvent, Response } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { DAP_CUSTOM } from '../protocol/messages';
import { BreakpointRequests } from './breakpointRequests';
import { CAPABILITIES } from './capabilities';
import { Client } from './client';
import type { Numbering } from './clientTerms';
import type { DapHost } from './host';
import { ScriptError } from './launch';
import { Movements } from './movements';
import { Questions } from './questions';
import {
  asRecord,
  describeError,
  type Handler,
  optionalIndex,
  type RawArguments,
  type Reply,
  RequestError,
} from './requests';

/** How the base class begins its report of a message that it could not read. */
const BAD_MESSAGE = 'Error handling data:';

/**
 * The debug adapter: translates the Debug Adapter Protocol into movements and questions of one session.
 * Use {@link DebugSession.start} with two streams, or hand it to VS Code as an inline debug adapter.
 */
export class TcpscriptDebugSession extends DebugSession {
  private readonly client: Client;
  private readonly movements: Movements;
  /** Requests by name. What is not in the table is answered by an error. */
  private readonly handlers: ReadonlyMap<string, Handler>;
  /** Requests that must not wait behind a request that reads a slow file. */
  private readonly urgentHandlers: ReadonlyMap<string, Handler>;
  /** Requests are answered in the order in which they came, though some of them read files. */
  private queue: Promise<void> = Promise.resolve();

  constructor(private readonly host: DapHost) {
    super();
    const numbering: Numbering = {
      line: (line) => this.convertDebuggerLineToClient(line),
      column: (column) => this.convertDebuggerColumnToClient(column),
      fromLine: (line) => this.convertClientLineToDebugger(line),
      fromColumn: (column) => this.convertClientColumnToDebugger(column),
      path: (path) => this.convertDebuggerPathToClient(path),
    };
    const stops = new BreakpointRequests(host, numbering);
    this.client = new Client((event) => this.sendEvent(event), numbering);
    this.movements = new Movements(host, stops, this.client);
    const { movements } = this;
    this.handlers = new Map<string, Handler>([
      ...stops.handlers,
      ...movements.handlers,
      ...new Questions(movements, this.client, numbering).handlers,
      [DAP_CUSTOM.travel, (args) => movements.panelTravel(args)],
      [DAP_CUSTOM.step, (args) => movements.panelStep(args)],
      [DAP_CUSTOM.view, (args) => this.onView(args)],
    ]);
    this.urgentHandlers = new Map<string, Handler>([
      ...movements.urgentHandlers,
      ['disconnect', () => this.onDisconnect()],
    ]);
    this.setDebuggerLinesStartAt1(true);
    this.setDebuggerColumnsStartAt1(true);
    // The base class ends the session at the first message that is no JSON; only a broken stream is a reason to.
    this.removeAllListeners('error');
    this.on('error', (event: unknown) => this.onProtocolError(event));
  }

  /** Called by VS Code when it is done with an inline adapter. */
  override dispose(): void {
    this.movements.cancel();
    super.dispose();
  }

  override handleMessage(message: DebugProtocol.ProtocolMessage): void {
    const { type, command, seq } = asRecord(message);
    if (type === 'request' && (typeof command !== 'string' || typeof seq !== 'number')) {
      this.complain('A request without a command or a number was not answered.');
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
    this.complain(text);
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
      this.movements.breakOff(error);
    }
  }

  private refuse(response: DebugProtocol.Response, error: unknown): void {
    if (error instanceof ScriptError) this.client.sayDiagnostics(error.path, error.diagnostics);
    if (error instanceof RequestError) {
      this.sendErrorResponse(response, error.toMessage());
      return;
    }
    this.complain(`Internal error in "${response.command}": ${describeError(error)}`);
    this.sendErrorResponse(
      response,
      new RequestError('Something went wrong inside the debugger; the debug console has the details.').toMessage(),
    );
  }

  private onDisconnect(): Reply {
    this.movements.cancel();
    return {
      after: () => {
        this.movements.close();
        this.shutdown();
      },
    };
  }

  private onView(args: RawArguments): Reply {
    const { run } = this.movements;
    if (run === null) throw new RequestError('No script has been launched yet.');
    const around = optionalIndex(args, 'around');
    if (around === undefined) return { body: run.panel.whole(run.view()) };
    run.assertKnown(around);
    return { body: run.panel.window(around) };
  }

  private complain(text: string): void {
    this.client.say({ category: 'stderr', text, line: null });
  }
}
