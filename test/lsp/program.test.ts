import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { Client } from './client';

/** The program as it is shipped; `npm test` builds it before the tests. */
const PROGRAM = path.resolve('dist/languageServer.js');
const URI = 'file:///a.tcpscript';

describe('dist/languageServer.js --stdio', () => {
  test('serves an editor over standard input and output, and ends when it is told to', async () => {
    const child = spawn(process.execPath, [PROGRAM, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const exit = once(child, 'exit');
    const client = new Client(
      createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin)),
    );
    expect(await client.initialize()).toMatchObject({ serverInfo: { name: 'TCPScript' } });
    await client.open(
      URI,
      'server listen\nclient send SYN\nserver send SYN-ACK\nexpect server is LISTEN\nclient sned ACK\n',
    );
    // A slow machine is told of the words first, and of the run afterwards.
    const found = await client.diagnostics(URI, 1, (all) => all.some(({ code }) => code === 'expect-failed'));
    expect(found.map(({ code, range }) => [code, range.start.line])).toEqual([
      ['expect-failed', 3],
      ['unknown-word', 4],
    ]);
    await client.connection.sendRequest('shutdown');
    await client.connection.sendNotification('exit');
    expect((await exit)[0]).toBe(0);
    client.end();
  });

  test('ends without a word when the editor hears nothing any more', async () => {
    const child = spawn(process.execPath, [PROGRAM, '--stdio'], { stdio: ['pipe', 'pipe', 'pipe'] });
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    const client = new Client(
      createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin)),
    );
    await client.initialize();
    const closed = once(child, 'close');
    child.stdout.destroy();
    // What is still sent may come too late to be read.
    child.stdin.on('error', () => undefined);
    const writer = new StreamMessageWriter(child.stdin);
    for (const version of [1, 2, 3]) {
      const textDocument = { uri: `${URI}${version}`, languageId: 'tcpscript', version, text: 'server lisen\n' };
      const message = { jsonrpc: '2.0', method: 'textDocument/didOpen', params: { textDocument } };
      await writer.write(message);
    }
    expect([await closed, err]).toEqual([[0, null], '']);
    client.end();
  });

  test('says how it is started when nothing says how to speak to it', async () => {
    const child = spawn(process.execPath, [PROGRAM], { stdio: ['ignore', 'pipe', 'pipe'] });
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(3);
    expect(err).toMatch(/^This is the language server of TCPScript: .*--stdio.*\n$/);
  });
});
