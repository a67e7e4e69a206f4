import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCRIPTS } from './support';

/** The program as it is shipped; `npm test` builds it before the tests. */
const PROGRAM = path.resolve('dist/cli.js');

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tcpscript-cli-'));
  for (const [name, text] of Object.entries(SCRIPTS)) writeFileSync(path.join(folder, `${name}.tcpscript`), text);
  mkdirSync(path.join(folder, 'folder.tcpscript'));
  writeFileSync(path.join(folder, 'binary.tcpscript'), Buffer.from([0x7f, 0x45, 0, 1, 2, 3]));
});

afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the program; `input` goes to its standard input. `closeAfter` closes the reading end after so many bytes; `memoryMb` bounds the heap. */
function run(
  argv: readonly string[],
  { input = '', closeAfter = Number.POSITIVE_INFINITY, memoryMb = 4_000 } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [`--max-old-space-size=${memoryMb}`, PROGRAM, ...argv], { cwd: folder });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (out.length >= closeAfter) child.stdout.destroy();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

describe('the program', () => {
  test('runs a script and gives JSON alone on standard output', async () => {
    const { code, out, err } = await run(['run', '--format', 'json', 'handshake.tcpscript']);
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject({ version: 1, file: 'handshake.tcpscript' });
  });

  test('reads standard input', async () => {
    const { code, out } = await run(['run', '-'], { input: SCRIPTS.handshake });
    expect(code).toBe(0);
    expect(out).toContain('SYN-ACK');
  });

  test.each<[argv: readonly string[], code: number]>([
    [['check', 'handshake.tcpscript'], 0],
    [['check', 'failing.tcpscript'], 1],
    [['check', 'wrong.tcpscript'], 2],
    [['check', 'binary.tcpscript'], 2],
    [['check', 'missing.tcpscript'], 3],
    [['check', 'folder.tcpscript'], 3],
    [['run', 'folder.tcpscript/a'], 3],
    [['nonsense'], 3],
    [['run', '--until', '5ms', 'handshake.tcpscript'], 4],
  ])('%j ends with %i, and never with a stack', async (argv, code) => {
    const ended = await run(argv);
    expect(ended.code).toBe(code);
    expect(ended.err + ended.out).not.toMatch(/^\s+at /m);
    if (code === 3) expect(ended.err.match(/\n/g)).toHaveLength(1);
  });

  test('a reader that has seen enough is no error', async () => {
    const script = `${SCRIPTS.handshake}client write 3000000 bytes\nrun\n`;
    const { err } = await run(['run', '--format', 'json', '-'], { input: script, closeAfter: 1000 });
    expect(err).toBe('');
  });

  test('a run that goes on until a bound needs little memory, and says one thing about each line', async () => {
    const script =
      'on client is CLOSED { client connect; client connect; client connect; client connect; client abort }\n' +
      'client connect\nclient abort\nrun\n';
    const { code, out, err } = await run(['run', '-'], { input: script, memoryMb: 256 });
    expect(code).toBe(4);
    expect(err).not.toMatch(/^\s+at /m);
    expect(err.match(/ error call-refused .*\(And \d+ more times\.\)$/gm)).toHaveLength(3);
    expect(err.match(/ information simulation-stopped /g)).toHaveLength(1);
    expect(out).toMatch(/^… and \d+ moments more;/m);
    expect(out).toMatch(/^limit: stopped at a bound, \d+ of \d+ checks failed/m);
  }, 60_000);

  test('formats a file in place', async () => {
    const file = path.join(folder, 'ugly.tcpscript');
    writeFileSync(file, 'server   listen');
    expect(await run(['fmt', 'ugly.tcpscript'])).toEqual({ code: 0, out: 'ugly.tcpscript\n', err: '' });
    expect(readFileSync(file, 'utf8')).toBe('server listen\n');
  });

  test.runIf(process.platform === 'linux')('an endless device is not read to its end', async () => {
    expect(await run(['check', '/dev/zero'])).toMatchObject({ code: 3, err: expect.stringContaining('larger than') });
  });
});
