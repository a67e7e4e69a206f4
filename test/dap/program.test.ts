import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DapClient } from './client';
import { HANDSHAKE } from './scripts';

/** Made by `npm run build`, which `npm test` runs first. */
const PROGRAM = fileURLToPath(new URL('../../dist/debugAdapter.js', import.meta.url));

describe('dist/debugAdapter.js', () => {
  let folder: string;
  let adapter: ChildProcess;
  let client: DapClient;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tcpscript-'));
    adapter = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'pipe'] });
    if (adapter.stdin === null || adapter.stdout === null) throw new Error('no pipes');
    client = new DapClient(adapter.stdout, adapter.stdin);
  });

  afterEach(async () => {
    adapter.kill();
    await rm(folder, { recursive: true });
  });

  it('debugs a file over standard input and output, and exits when the client disconnects', async () => {
    const program = path.join(folder, 'a.tcpscript');
    await writeFile(program, HANDSHAKE);
    await client.ask('initialize', {
      adapterID: 'tcpscript',
      linesStartAt1: true,
      columnsStartAt1: true,
      pathFormat: 'path',
    });
    await client.event('initialized');
    await client.ask('launch', { program });
    const placed = await client.ask('setBreakpoints', { source: { path: program }, breakpoints: [{ line: 9 }] });
    expect(placed).toMatchObject({ breakpoints: [{ verified: true, line: 9 }] });
    await client.ask('configurationDone');
    expect((await client.stop()).stop.reason).toBe('entry');
    expect((await client.move('continue', { threadId: 1 })).stop.reason).toBe('breakpoint');
    expect(await client.ask('evaluate', { expression: 'client.SND.NXT' })).toMatchObject({ result: '1001' });
    await client.move('stepBack', { threadId: 1 });
    expect(await client.line()).toBe(8);
    const exit = once(adapter, 'exit');
    await client.ask('disconnect', {});
    expect((await exit)[0]).toBe(0);
  });

  it('says that there is no such file', async () => {
    await client.ask('initialize', {});
    expect(await client.refusal('launch', { program: path.join(folder, 'none.tcpscript') })).toContain(
      'there is no such file',
    );
  });

  it('passes over a message that is no JSON, says so, and goes on', async () => {
    await client.ask('initialize', {});
    let heard = '';
    adapter.stderr?.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
    });
    adapter.stdin?.write('Content-Length: 5\r\n\r\n{bad}');
    expect(await client.event('output')).toMatchObject({
      category: 'stderr',
      output: expect.stringContaining('A message of the client was passed over'),
    });
    expect(await client.ask('threads')).toEqual({ threads: [{ id: 1, name: 'script' }] });
    const closed = once(adapter, 'close');
    await client.ask('disconnect', {});
    expect((await closed)[0]).toBe(0);
    expect(heard).toMatch(/^A message of the client was passed over, since it can not be read: .*JSON.*\n$/);
  });

  it('exits when its input ends', async () => {
    const exit = once(adapter, 'exit');
    adapter.stdin?.end();
    expect((await exit)[0]).toBe(0);
  });
});
