import { Duplex } from 'node:stream';
import { setImmediate as nextImmediate } from 'node:timers/promises';
import type { Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver';
import { createConnection } from 'vscode-languageserver/node';
import {
  createProtocolConnection,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { type Environment, startServer } from '../../src/lsp/server';

/** An editor that speaks to a language server, reduced to what tests need. */
export class Client {
  readonly #published: PublishDiagnosticsParams[] = [];
  readonly #waiting = new Set<() => void>();
  /** Everything that the server wrote to its log. */
  readonly logged: string[] = [];

  constructor(readonly connection: ProtocolConnection) {
    connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.#published.push(params);
      for (const look of [...this.#waiting]) look();
    });
    connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.logged.push(message);
    });
    connection.listen();
  }

  async initialize(capabilities: object = {}, initializationOptions: object = {}): Promise<object> {
    const result = await this.connection.sendRequest('initialize', {
      processId: null,
      rootUri: null,
      capabilities,
      initializationOptions,
    });
    await this.connection.sendNotification('initialized', {});
    if (typeof result !== 'object' || result === null) throw new Error('initialize gave no result');
    return result;
  }

  async open(uri: string, text: string): Promise<void> {
    const textDocument = { uri, languageId: 'tcpscript', version: 1, text };
    await this.connection.sendNotification('textDocument/didOpen', { textDocument });
  }

  /** Replaces a stretch of a document, as one keystroke does. */
  async change(uri: string, version: number, range: object | null, text: string): Promise<void> {
    const contentChanges = [range === null ? { text } : { range, text }];
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges,
    });
  }

  request(method: string, uri: string, parameters: object = {}): Promise<unknown> {
    return this.connection.sendRequest(method, { textDocument: { uri }, ...parameters });
  }

  /** Resolves with the first diagnostics of this version (also when they came before) that fulfil the condition. */
  diagnostics(
    uri: string,
    version: number,
    fits: (found: Diagnostic[]) => boolean = () => true,
  ): Promise<Diagnostic[]> {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.#published.find(
          (one) => one.uri === uri && one.version === version && fits(one.diagnostics),
        );
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found.diagnostics);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** How often diagnostics were published for a document. */
  publishedVersions(uri: string): (number | undefined)[] {
    return this.#published.filter((one) => one.uri === uri).map(({ version }) => version);
  }

  end(): void {
    this.connection.dispose();
  }
}

/** Two ends of a pipe in memory. */
function pipe(): [Duplex, Duplex] {
  const make = (other: () => Duplex): Duplex =>
    new Duplex({
      read() {},
      write(chunk: unknown, _encoding, done) {
        other().push(chunk);
        done();
      },
    });
  const left: Duplex = make(() => right);
  const right: Duplex = make(() => left);
  return [left, right];
}

/** The clock and event loop of Node. */
export const NODE_CLOCK: Environment['clock'] = {
  nowMs: () => performance.now(),
  nextTurn: async () => {
    await nextImmediate();
  },
};

/** A clock that stands still: however busy the machine is, no run is taken for a slow one, whose verdict comes later. */
export const STILL_CLOCK: Environment['clock'] = { ...NODE_CLOCK, nowMs: () => 0 };

/** A server in this process, and an editor connected to it by a pipe. */
export function connectedClient(environment: Environment = { clock: STILL_CLOCK }): Client {
  const [editorEnd, serverEnd] = pipe();
  startServer(createConnection(new StreamMessageReader(serverEnd), new StreamMessageWriter(serverEnd)), environment);
  return new Client(createProtocolConnection(new StreamMessageReader(editorEnd), new StreamMessageWriter(editorEnd)));
}
