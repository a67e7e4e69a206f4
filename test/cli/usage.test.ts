import { describe, expect, test } from 'vitest';
import { cli, SCRIPTS, systemError } from './support';

describe('usage', () => {
  test.each<[argv: readonly string[], message: string]>([
    [[], "tcpscript: no command; 'tcpscript --help' lists the commands"],
    [['rnu'], "tcpscript: unknown command 'rnu'; the commands are run, check, fmt or explain"],
    [['test', 'a'], "tcpscript: 'test' is not available in this version"],
    [['run'], "tcpscript: 'run' needs at least one file: tcpscript run FILE..."],
    [['run', '--fromat', 'json', 'a'], "tcpscript: unknown option '--fromat'"],
    [['run', '--format', 'yaml', 'a'], "tcpscript: '--format yaml' is unknown; use text, json or pcapng"],
    [
      ['run', '--format', 'svg', 'a'],
      "tcpscript: the format 'svg' is not available in this version; use text, json or pcapng",
    ],
    [['run', '--format'], "tcpscript: the option '--format' needs a value"],
    [['run', '--format', '--out', 'x', 'a'], "tcpscript: the option '--format' needs a value"],
    [['run', '--profile', 'bsd', 'a'], "tcpscript: '--profile bsd' is unknown; use rfc, linux or freebsd"],
    [['run', '--until', 'soon', 'a'], "tcpscript: '--until soon' is not a time; write one such as 20ms or 1.5s"],
    [['run', '--until', '-1s', 'a'], "tcpscript: '--until -1s' is not a time; write one such as 20ms or 1.5s"],
    [['run', '--until', '-.5s', 'a'], "tcpscript: '--until -.5s' is not a time; write one such as 20ms or 1.5s"],
    [['run', '--until', '1e30s', 'a'], "tcpscript: '--until 1e30s' is not a time; write one such as 20ms or 1.5s"],
    [['run', '--until', '4KiB', 'a'], "tcpscript: '--until 4KiB' is not a time; write one such as 20ms or 1.5s"],
    [['run', '-', '-'], "tcpscript: '-' can be given only once"],
    [['fmt', '--check=yes', 'a'], "tcpscript: the option '--check' takes no value"],
    [['explain'], "tcpscript: 'explain' needs a rule or a requirement, such as: tcpscript explain open-active MUST-13"],
    [
      ['explain', 'nonsense'],
      "tcpscript: no rule and no requirement is called 'nonsense'; try a rule such as 'open-active', or a requirement such as 'MUST-13'",
    ],
    [
      ['explain', 'open-actve'],
      "tcpscript: no rule and no requirement is called 'open-actve'; did you mean 'open-active'?",
    ],
    [['explain', 'MSUT-13'], "tcpscript: no rule and no requirement is called 'MSUT-13'; did you mean 'MUST-13'?"],
    [['explain', 'must-70'], "tcpscript: RFC 9293 has no requirement 'must-70': there are MUST-1 to MUST-69"],
    [['explain', 'SHOULD-0'], "tcpscript: RFC 9293 has no requirement 'SHOULD-0': there are SHLD-1 to SHLD-31"],
    [['explain', 'REC-2'], "tcpscript: RFC 9293 has no requirement 'REC-2': there is only REC-1"],
  ])('%j is told in one line, with exit code 3', async (argv, message) => {
    const { code, out, err } = await cli(argv, { a: SCRIPTS.handshake });
    expect([code, out]).toEqual([3, '']);
    expect(err.startsWith(message)).toBe(true);
    expect(err.match(/\n/g)).toHaveLength(1);
  });

  test.each([[['--help']], [['help']], [['-h']], [['run', '--help']], [['check', '-h']], [['fmt', '--help']]])(
    '%j prints the help',
    async (argv) => {
      const { code, out, err } = await cli(argv);
      expect([code, err]).toEqual([0, '']);
      expect(out).toContain('Usage:');
    },
  );

  test('--version prints the version', async () => {
    expect((await cli(['--version'])).out).toMatch(/^tcpscript \d+\.\d+\.\d+\n$/);
  });

  test('a file whose name looks like an option can be given after --', async () => {
    expect((await cli(['check', '--', '--a'], { '--a': SCRIPTS.handshake })).code).toBe(0);
  });
});

/** Text as Windows writes it when asked for "Unicode". */
function utf16(text: string, withMark: boolean): Uint8Array {
  return Buffer.from(`${withMark ? '\ufeff' : ''}${text}`, 'utf16le');
}

describe('files', () => {
  test.each<[code: string, reason: string]>([
    ['ENOENT', 'there is no such file'],
    ['EISDIR', 'it is a directory, not a script'],
    ['EACCES', 'permission is denied'],
  ])('%s', async (code, reason) => {
    for (const command of ['run', 'check', 'fmt']) {
      const result = await cli([command, 'a.tcpscript'], { 'a.tcpscript': systemError(code) });
      expect([result.code, result.out, result.err]).toEqual([
        3,
        '',
        `tcpscript: a.tcpscript: can not be read: ${reason}\n`,
      ]);
    }
  });

  test.each<[code: string, reason: string]>([
    ['ENOENT', 'its folder does not exist'],
    ['EISDIR', 'it is a directory'],
    ['ENOSPC', 'the disk is full'],
  ])('%s when it is written', async (code, reason) => {
    const result = await cli(['run', '--out', 'x', 'a'], { a: SCRIPTS.handshake, x: systemError(code) });
    expect([result.code, result.err]).toEqual([3, `tcpscript: x: can not be written: ${reason}\n`]);
  });

  test.each<[encoding: string, bytes: Uint8Array, what: RegExp]>([
    ['UTF-16 with its mark', utf16('server listen\n', true), /UTF-16.*save it as UTF-8/],
    ['UTF-16 without it', utf16('server listen\n', false), /UTF-16.*save it as UTF-8/],
    ['Latin-1', Buffer.from('# caf\u00e9\nserver listen\n', 'latin1'), /UTF-8.*save it as UTF-8/],
  ])('text in %s is told to be saved as UTF-8', async (_encoding, bytes, what) => {
    const { code, err } = await cli(['check', 'a'], { a: bytes });
    expect(code).toBe(2);
    expect(err).toMatch(what);
    expect(err).not.toContain('binary data');
  });

  test('one that is too large is not read', async () => {
    const { code, err } = await cli(['check', 'a'], { a: new Uint8Array(17 * 1024 * 1024).fill(32) });
    expect([code, err]).toEqual([3, 'tcpscript: a: it is larger than 16 MiB, which no script should be\n']);
  });

  test('one that is missing does not hide the others', async () => {
    const { code, err } = await cli(['check', 'missing', 'wrong'], { wrong: SCRIPTS.wrong });
    expect(code).toBe(3);
    expect(err).toContain('missing: can not be read');
    expect(err).toContain('wrong:2:8: error unknown-word');
  });

  test.each<[what: string, bytes: string | Uint8Array, id: string]>([
    ['an empty file', '', 'empty-script'],
    ['a binary file', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1]), 'binary-file'],
    ['text that is no UTF-8', new Uint8Array([0x63, 0xff, 0xfe]), 'binary-file'],
    ['a line of a megabyte', 'x'.repeat(1_000_000), 'line-too-long'],
    ['an absurd number', 'wait 1e30s', 'out-of-range'],
    ['an unclosed brace', 'host a {', 'unclosed-brace'],
    ['a host that talks to itself', 'client connect to client', 'talks-to-itself'],
  ])('%s is told with line and column, and exit code 2', async (_what, bytes, id) => {
    for (const command of ['run', 'check']) {
      const { code, err } = await cli([command, 'a'], { a: bytes });
      expect(code).toBe(2);
      expect(err).toMatch(new RegExp(`^a:1:\\d+: error ${id} `, 'm'));
    }
  });

  test('a byte order mark is no part of the script', async () => {
    expect((await cli(['check', 'a'], { a: `\ufeff${SCRIPTS.handshake}` })).code).toBe(0);
  });
});
