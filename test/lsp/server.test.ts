import { afterEach, describe, expect, test } from 'vitest';
import { CancellationTokenSource, LSPErrorCodes } from 'vscode-languageserver-protocol';
import type { ScenarioRunner } from '../../src/lsp/analysis';
import type { Environment } from '../../src/lsp/server';
import { type Client, connectedClient, NODE_CLOCK, STILL_CLOCK } from './client';

const URI = 'file:///a.tcpscript';
const HANDSHAKE = 'server listen\nclient send SYN\nserver send SYN-ACK\nclient send ACK\n';
const ALL = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };

let client: Client | null = null;

async function start(environment?: Environment, capabilities?: object, options?: object): Promise<Client> {
  client = connectedClient(environment);
  await client.initialize(capabilities, options);
  return client;
}

afterEach(() => {
  client?.end();
  client = null;
});

const codes = (found: { code?: unknown }[]) => found.map(({ code }) => code);

describe('the server over a pipe', () => {
  test('says what it can do', async () => {
    client = connectedClient();
    expect(await client.initialize()).toMatchObject({
      capabilities: {
        textDocumentSync: 2,
        hoverProvider: true,
        completionProvider: { triggerCharacters: expect.arrayContaining(['.', ' ']) },
        inlayHintProvider: true,
        foldingRangeProvider: true,
        documentSymbolProvider: true,
        documentFormattingProvider: true,
        documentRangeFormattingProvider: true,
      },
    });
  });

  test('diagnoses a script as it is opened, changed and closed', async () => {
    const editor = await start();
    await editor.open(URI, HANDSHAKE);
    expect(await editor.diagnostics(URI, 1)).toEqual([]);
    await editor.change(URI, 2, { start: { line: 0, character: 7 }, end: { line: 0, character: 13 } }, 'lisen');
    expect(codes(await editor.diagnostics(URI, 2))).toContain('unknown-word');
    await editor.change(URI, 3, { start: { line: 0, character: 7 }, end: { line: 0, character: 12 } }, 'listen');
    expect(await editor.diagnostics(URI, 3)).toEqual([]);
  });

  test('an edit in the middle of a line is understood incrementally', async () => {
    const editor = await start();
    await editor.open(URI, 'expect server is CLOSED # 클라이언트\nserver listen\n');
    await editor.change(URI, 2, { start: { line: 0, character: 17 }, end: { line: 0, character: 23 } }, 'LISTEN');
    const [found] = await editor.diagnostics(URI, 2);
    expect(found).toMatchObject({ code: 'expect-failed', message: expect.stringContaining('LISTEN') });
  });

  test('a burst of changes between which questions are asked and taken back is answered once or twice', async () => {
    const editor = await start();
    await editor.open(URI, 'server listen\n');
    await editor.diagnostics(URI, 1);
    const answers: Promise<unknown>[] = [];
    for (let version = 2; version <= 200; version++) {
      void editor.change(URI, version, null, `server listen\nwait ${version}ms\n`);
      const source = new CancellationTokenSource();
      const position = { line: 0, character: 8 };
      const params = { textDocument: { uri: URI }, position };
      answers.push(
        editor.connection.sendRequest('textDocument/hover', params, source.token).catch((error: unknown) => error),
      );
      source.cancel();
    }
    await editor.diagnostics(URI, 200);
    expect(editor.publishedVersions(URI).length).toBeLessThan(20);
    for (const answer of await Promise.all(answers))
      expect(answer).toMatchObject({ code: LSPErrorCodes.RequestCancelled });
  });

  test('requests before it is initialized, and after it is shut down, are refused', async () => {
    client = connectedClient();
    const hover = { position: { line: 0, character: 0 } };
    await expect(client.request('textDocument/hover', URI, hover)).rejects.toMatchObject({ code: -32002 });
    await expect(client.connection.sendRequest('shutdown')).rejects.toMatchObject({ code: -32002 });
    await client.initialize();
    await expect(client.initialize()).rejects.toMatchObject({ code: -32600 });
    expect(await client.request('textDocument/hover', URI, hover)).toBeNull();
    await client.connection.sendRequest('shutdown');
    await expect(client.request('textDocument/hover', URI, hover)).rejects.toMatchObject({ code: -32600 });
    await expect(client.request('textDocument/inlayHint', URI, { range: ALL })).rejects.toMatchObject({ code: -32600 });
  });

  test.each([
    ['textDocument/hover', {}, 'position'],
    ['textDocument/hover', { position: { line: -1, character: 'x' } }, 'position'],
    ['textDocument/completion', {}, 'position'],
    ['textDocument/inlayHint', {}, 'range'],
    ['textDocument/rangeFormatting', { range: {} }, 'range'],
    ['textDocument/codeAction', { range: ALL }, 'context'],
    ['textDocument/foldingRange', { textDocument: 1 }, 'document'],
  ])('%s %j is told what it lacks', async (method, parameters, what) => {
    const editor = await start();
    await editor.open(URI, HANDSHAKE);
    await expect(editor.request(method, URI, parameters)).rejects.toMatchObject({
      code: -32602,
      message: `The request names no ${what}.`,
    });
  });

  test('whoever types fast is answered for the last text only', async () => {
    const editor = await start();
    await editor.open(URI, HANDSHAKE);
    await editor.diagnostics(URI, 1);
    for (let version = 2; version <= 30; version++) {
      void editor.change(URI, version, { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, '#');
    }
    await editor.diagnostics(URI, 30);
    expect(editor.publishedVersions(URI).length).toBeLessThan(10);
  });

  test('answers the features of an open script, and nothing for one that is not open', async () => {
    const editor = await start();
    await editor.open(URI, 'scenario "One"\nserver listen\nclient send SYN\n');
    const position = { line: 1, character: 9 };
    const requests: [method: string, parameters: object, answer: unknown, none: unknown][] = [
      [
        'textDocument/completion',
        { position: { line: 2, character: 7 } },
        expect.arrayContaining([expect.objectContaining({ label: 'send' })]),
        [],
      ],
      ['textDocument/hover', { position }, { contents: expect.anything(), range: expect.anything() }, null],
      ['textDocument/documentSymbol', {}, [expect.objectContaining({ name: 'One' })], []],
      ['textDocument/foldingRange', {}, [expect.objectContaining({ startLine: 0 })], []],
      [
        'textDocument/inlayHint',
        { range: ALL },
        expect.arrayContaining([expect.objectContaining({ label: expect.stringContaining('SYN-SENT') })]),
        [],
      ],
      ['textDocument/formatting', { options: { tabSize: 2, insertSpaces: true } }, [], []],
      ['textDocument/rangeFormatting', { range: ALL, options: { tabSize: 2, insertSpaces: true } }, [], []],
      ['textDocument/codeAction', { range: ALL, context: { diagnostics: [] } }, [], []],
    ];
    for (const [method, parameters, answer, none] of requests) {
      expect(await editor.request(method, URI, parameters)).toEqual(answer);
      expect(await editor.request(method, 'file:///other.tcpscript', parameters)).toEqual(none);
    }
  });
});

describe('settings', () => {
  test('the states are hidden when the user says so', async () => {
    const editor = await start(undefined, {}, { inlayHints: { states: false } });
    await editor.open(URI, HANDSHAKE);
    expect(await editor.request('textDocument/inlayHint', URI, { range: ALL })).toEqual([]);
    await editor.connection.sendNotification('workspace/didChangeConfiguration', { settings: { tcpscript: {} } });
    expect(await editor.request('textDocument/inlayHint', URI, { range: ALL })).toHaveLength(4);
  });

  test('an editor that is asked for its settings is told to ask again for the hints', async () => {
    client = connectedClient();
    const refreshed = new Promise<void>((resolve) => {
      client?.connection.onRequest('workspace/inlayHint/refresh', () => {
        resolve();
        return null;
      });
    });
    client.connection.onRequest('workspace/configuration', () => [{ inlayHints: { states: false } }]);
    await client.initialize({ workspace: { configuration: true, inlayHint: { refreshSupport: true } } });
    await refreshed;
    await client.open(URI, HANDSHAKE);
    expect(await client.request('textDocument/inlayHint', URI, { range: ALL })).toEqual([]);
  });

  test('a run that is bounded more tightly says that it was stopped', async () => {
    const editor = await start(undefined, {}, { run: { maxEvents: 5 } });
    await editor.open(URI, HANDSHAKE);
    expect(codes(await editor.diagnostics(URI, 1))).toContain('simulation-stopped');
    await editor.connection.sendNotification('workspace/didChangeConfiguration', {
      settings: { tcpscript: { run: { maxEvents: 5000 } } },
    });
    expect(await editor.diagnostics(URI, 1, (found) => found.length === 0)).toEqual([]);
  });
});

describe('a run that goes wrong', () => {
  const crashing: ScenarioRunner = function* () {
    yield undefined;
    throw new Error('a mistake in the engine');
  };

  test('never takes syntax checking with it', async () => {
    const editor = await start({ clock: STILL_CLOCK, runner: crashing });
    await editor.open(URI, 'server listen\nclient sned SYN\n');
    expect(codes(await editor.diagnostics(URI, 1))).toEqual(['run-crashed', 'unknown-word']);
    expect(editor.logged.join('\n')).toContain('a mistake in the engine');
    const labels = await editor.request('textDocument/completion', URI, { position: { line: 1, character: 7 } });
    expect(labels).toEqual(expect.arrayContaining([expect.objectContaining({ label: 'send' })]));
  });

  /** A run that never ends; its clock goes on a minute at every look, so that each piece is a slice. */
  function endless() {
    let nowMs = 0;
    const seen = { pieces: 0, ended: 0 };
    const runner: ScenarioRunner = function* () {
      try {
        for (;;) {
          seen.pieces++;
          yield undefined;
        }
      } finally {
        seen.ended++;
      }
    };
    const clock: Environment['clock'] = {
      nowMs: () => {
        nowMs += 60_000;
        return nowMs;
      },
      nextTurn: NODE_CLOCK.nextTurn,
    };
    return { environment: { clock, runner }, seen };
  }

  test('a long run lets the syntax diagnostics and the completion pass', async () => {
    const { environment, seen } = endless();
    const editor = await start(environment);
    await editor.open(URI, 'server listen\nclient sned SYN\n');
    expect(codes(await editor.diagnostics(URI, 1))).toEqual(['unknown-word']);
    const labels = await editor.request('textDocument/completion', URI, { position: { line: 1, character: 7 } });
    expect(labels).toEqual(expect.arrayContaining([expect.objectContaining({ label: 'send' })]));
    expect(seen.pieces).toBeGreaterThan(1);
    await editor.connection.sendNotification('textDocument/didClose', { textDocument: { uri: URI } });
  });

  test('a run is given up when the text changes, and when the script is closed', async () => {
    const { environment, seen } = endless();
    const editor = await start(environment);
    await editor.open(URI, 'server listen\n');
    await editor.diagnostics(URI, 1);
    await editor.change(URI, 2, null, 'server lisen\n');
    expect(codes(await editor.diagnostics(URI, 2))).toEqual(['unknown-word']);
    expect(seen.ended).toBe(1);
    await editor.connection.sendNotification('textDocument/didClose', { textDocument: { uri: URI } });
    expect(await editor.request('textDocument/foldingRange', URI)).toEqual([]);
    expect(await editor.request('textDocument/foldingRange', URI)).toEqual([]);
    expect(seen.ended).toBe(2);
  });
});

describe('bad input', () => {
  test.each<[what: string, text: string]>([
    ['an empty file', ''],
    ['a binary file', '\u0000\u0001\u0002PNG'],
    ['a line of a megabyte', 'x'.repeat(1_000_000)],
    ['an unclosed brace', 'host client {\n  isn 1000\n'],
    ['an absurd number', 'wait 1e30s\n'],
    ['a host that talks to itself', 'client connect to client\n'],
    ['a hundred thousand lines', 'server listen\n'.repeat(100_000)],
  ])('%s gives a message with a place inside the document', async (_what, text) => {
    const editor = await start();
    await editor.open(URI, text);
    const found = await editor.diagnostics(URI, 1);
    const lines = text.split('\n');
    expect(found.length).toBeGreaterThan(0);
    for (const { range, message } of found) {
      expect(message).not.toBe('');
      expect(range.end.line).toBeLessThan(lines.length);
      expect(range.end.character).toBeLessThanOrEqual(lines[range.end.line]?.length ?? 0);
    }
  });
});
