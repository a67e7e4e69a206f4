import type { Readable, Writable } from 'node:stream';
import { PassThrough } from 'node:stream';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { TcpscriptDebugSession } from '../../src/dap';
import { DAP_CUSTOM, type HostMessage } from '../../src/protocol/messages';

type Message = DebugProtocol.Response | DebugProtocol.Event;

/** A response or event as it came over the wire. */
export type Body = Record<string, unknown>;

/** Speaks the Debug Adapter Protocol over two streams, as an editor does. */
export class DapClient {
  readonly messages: Message[] = [];
  private readonly output: Writable;
  private readonly waiting = new Set<() => void>();
  private closed = false;
  private buffer: Buffer = Buffer.alloc(0);
  private nextSeq = 1;
  /** Events up to here have been awaited. */
  private readonly seen = new Set<Message>();

  constructor(input: Readable, output: Writable) {
    this.output = output;
    input.on('data', (data: Buffer) => this.take(data));
    input.on('close', () => {
      this.closed = true;
      for (const look of [...this.waiting]) look();
    });
  }

  /** Sends anything, framed. */
  raw(message: unknown): void {
    const json = JSON.stringify(message);
    this.output.write(`Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`);
  }

  /** Sends a request and waits for its response, whether it succeeds or not. */
  async request(command: string, args?: unknown): Promise<DebugProtocol.Response> {
    const seq = this.nextSeq++;
    this.raw({ type: 'request', seq, command, arguments: args });
    return this.until((message) =>
      message.type === 'response' && 'request_seq' in message && message.request_seq === seq ? message : null,
    );
  }

  /** Sends a request that must succeed, and gives its body. */
  async ask<B = Body>(command: string, args?: unknown): Promise<B> {
    const response = await this.request(command, args);
    if (!response.success) throw new Error(`${command} failed: ${response.message}`);
    return response.body as B;
  }

  /** Sends a request that must fail, and gives its message. */
  async refusal(command: string, args?: unknown): Promise<string> {
    const response = await this.request(command, args);
    if (response.success) throw new Error(`${command} succeeded: ${JSON.stringify(response.body)}`);
    return response.message ?? '';
  }

  /** The next event of this name that has not been awaited yet. */
  async event<B = Body>(name: string): Promise<B> {
    const found = await this.until((message) =>
      message.type === 'event' && 'event' in message && message.event === name && !this.seen.has(message)
        ? message
        : null,
    );
    this.seen.add(found);
    return found.body as B;
  }

  /** Events of this name so far. */
  events(name: string): Body[] {
    return this.messages.flatMap((message) =>
      'event' in message && message.event === name ? [message.body as Body] : [],
    );
  }

  /** What has been written to the debug console so far. */
  console(category?: string): string {
    return this.events('output')
      .filter((body) => category === undefined || body.category === category)
      .map((body) => String(body.output))
      .join('');
  }

  /** Makes a movement and waits for the stop and the message to the panel that follow it. */
  async move(
    command: string,
    args?: unknown,
  ): Promise<{ stop: DebugProtocol.StoppedEvent['body']; panel: HostMessage }> {
    await this.ask(command, args);
    return this.stop();
  }

  /** Waits for a stop and the message to the panel that follows it; what it hears of the run's progress is passed over. */
  async stop(): Promise<{ stop: DebugProtocol.StoppedEvent['body']; panel: HostMessage }> {
    const stop = await this.event<DebugProtocol.StoppedEvent['body']>('stopped');
    let panel = await this.event<HostMessage>(DAP_CUSTOM.panel);
    while (panel.type === 'running') panel = await this.event<HostMessage>(DAP_CUSTOM.panel);
    return { stop, panel };
  }

  /** The frames of the current stop. */
  async frames(): Promise<DebugProtocol.StackFrame[]> {
    return (await this.ask<DebugProtocol.StackTraceResponse['body']>('stackTrace', { threadId: 1 })).stackFrames;
  }

  /** The line that the editor would highlight. */
  async line(): Promise<number | undefined> {
    return (await this.frames())[0]?.line;
  }

  /** The variables of a scope by name. */
  async scope(name: string): Promise<Map<string, DebugProtocol.Variable>> {
    const { scopes } = await this.ask<DebugProtocol.ScopesResponse['body']>('scopes', { frameId: 1 });
    const scope = scopes.find((candidate) => candidate.name === name);
    if (scope === undefined) throw new Error(`no scope ${name} among ${scopes.map((one) => one.name).join(', ')}`);
    return this.variables(scope.variablesReference);
  }

  /** The variables behind a reference, by name. */
  async variables(variablesReference: number): Promise<Map<string, DebugProtocol.Variable>> {
    const { variables } = await this.ask<DebugProtocol.VariablesResponse['body']>('variables', { variablesReference });
    return new Map(variables.map((variable) => [variable.name, variable]));
  }

  private until<T>(find: (message: Message) => T | null): Promise<T> {
    return new Promise((resolve, reject) => {
      let checked = 0;
      const look = (): void => {
        for (; checked < this.messages.length; checked++) {
          const message = this.messages[checked];
          const found = message === undefined ? null : find(message);
          if (found !== null) {
            this.waiting.delete(look);
            resolve(found);
            return;
          }
        }
        if (this.closed) reject(new Error('the adapter is gone'));
      };
      this.waiting.add(look);
      look();
    });
  }

  private take(data: Buffer): void {
    this.buffer = Buffer.concat([this.buffer, data]);
    for (;;) {
      const header = /^Content-Length: (\d+)\r\n\r\n/.exec(this.buffer.toString('latin1', 0, 64));
      if (header === null) return;
      const start = header[0].length;
      const end = start + Number(header[1]);
      if (this.buffer.length < end) return;
      this.messages.push(JSON.parse(this.buffer.toString('utf8', start, end)) as Message);
      this.buffer = this.buffer.subarray(end);
      for (const look of [...this.waiting]) look();
    }
  }
}

/** A path under which the tests' host knows scripts. */
export const SCRIPT = '/scripts/a.tcpscript';

/** An adapter in this process, and a client of it. `files` may be changed while it runs. */
export function connect(files: Record<string, string>): { client: DapClient; session: TcpscriptDebugSession } {
  const session = new TcpscriptDebugSession({
    readText: (path) => {
      const text = files[path];
      return text === undefined ? Promise.reject(new Error('no such file')) : Promise.resolve(text);
    },
    nowMs: () => performance.now(),
  });
  // Otherwise the end of a session would end the process of the tests.
  session.setRunAsServer(true);
  const input = new PassThrough();
  const output = new PassThrough();
  session.start(input, output);
  return { client: new DapClient(output, input), session };
}

/** Initializes, launches `text` with `args`, and ends the configuration; breakpoints are lines. */
export async function launch(
  text: string,
  args: Body = {},
  options: { readonly lines?: readonly number[]; readonly filters?: readonly string[] } = {},
): Promise<DapClient> {
  const { client } = connect({ [SCRIPT]: text });
  await client.ask('initialize', {
    adapterID: 'tcpscript',
    linesStartAt1: true,
    columnsStartAt1: true,
    pathFormat: 'path',
  });
  await client.event('initialized');
  await client.ask('launch', { program: SCRIPT, ...args });
  if (options.lines !== undefined) {
    await client.ask('setBreakpoints', {
      source: { path: SCRIPT },
      breakpoints: options.lines.map((line) => ({ line })),
    });
  }
  if (options.filters !== undefined) await client.ask('setExceptionBreakpoints', { filters: options.filters });
  await client.ask('configurationDone');
  return client;
}
