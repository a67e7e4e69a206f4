import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';

/** The server as a browser loads it; `npm test` builds it before the tests. */
const PROGRAM = path.resolve('dist/web/languageServer.js');

/** What a browser gives a worker, made of what Node gives one. */
const BROWSER = `
  const { parentPort } = require('node:worker_threads');
  const events = new EventTarget();
  globalThis.self = globalThis;
  self.addEventListener = events.addEventListener.bind(events);
  self.postMessage = (message) => parentPort.postMessage(message);
  parentPort.on('message', (data) => self.onmessage?.({ data }));
  require(${JSON.stringify(PROGRAM)});
`;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly uri?: string; readonly diagnostics?: readonly { readonly code?: unknown }[] };
  readonly result?: unknown;
}

describe('dist/web/languageServer.js in a worker', () => {
  test('diagnoses a script, simulation included', async () => {
    const worker = new Worker(BROWSER, { eval: true });
    const next = (fits: (message: Message) => boolean): Promise<Message> =>
      new Promise((resolve, reject) => {
        worker.once('error', reject);
        worker.on('message', (message: Message) => {
          if (fits(message)) resolve(message);
        });
      });
    const send = (message: object) => worker.postMessage({ jsonrpc: '2.0', ...message });

    const initialized = next(({ id }) => id === 1);
    send({ id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } });
    expect((await initialized).result).toMatchObject({ capabilities: { hoverProvider: true } });
    send({ method: 'initialized', params: {} });

    // A slow machine is told of the words first, and of the run afterwards.
    const published = next(
      ({ method, params }) => method === 'textDocument/publishDiagnostics' && (params?.diagnostics ?? []).length > 0,
    );
    const text = 'server listen\nclient send SYN\nserver send SYN-ACK\nexpect server is LISTEN\n';
    const textDocument = { uri: 'vscode-vfs://github/a.tcpscript', languageId: 'tcpscript', version: 1, text };
    send({ method: 'textDocument/didOpen', params: { textDocument } });
    expect((await published).params?.diagnostics?.map(({ code }) => code)).toEqual(['expect-failed']);
    await worker.terminate();
  });
});
