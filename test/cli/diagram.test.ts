import { describe, expect, test } from 'vitest';
import { textColumns } from '../../src/cli/textWidth';
import { cli, SCRIPTS, type Surroundings } from './support';

async function picture(script: string, surroundings?: Surroundings): Promise<string[]> {
  const { out } = await cli(['run', 'a'], { a: script }, surroundings);
  return out.split('\n');
}

/** The columns at which a line shows a character, counted as a terminal does. */
function columnsOf(line: string, character: string): number[] {
  return [...line.matchAll(new RegExp(character, 'gu'))].map(({ index }) => textColumns(line.slice(0, index)));
}

const LOST_SYN = 'server listen\ndrop next\nclient send SYN\nserver send SYN-ACK\nexpect client is ESTABLISHED\n';
const BOTH_CLOSE = `${SCRIPTS.handshake}expect server is ESTABLISHED\nclient close\nserver close\nexpect client is TIME-WAIT\n`;

describe('the arrow diagram', () => {
  test('of a lost SYN', async () => {
    expect(await picture(LOST_SYN)).toEqual([
      'a',
      '',
      '                       client                                    server',
      '                   CLOSED ╷                                         ╷ CLOSED',
      '       0 ms      SYN-SENT ├─ SYN seq 0 <mss 1460> ──✗               │ LISTEN       line 3, drop next (line 2)',
      '        1 s               ├─ SYN seq 0 <mss 1460> ─╮                │              retransmission timer of client expires, retransmission',
      '     1.01 s               │                        ╰───────────────▶┤ SYN-RECEIVED',
      '                          │      ╭─ SYN-ACK seq 0 ack 1 <mss 1460> ─┤',
      '     1.02 s   ESTABLISHED ├◀─────╯                                  │',
      '                          ├─ ACK seq 1 ack 1 ──╮                    │',
      '     1.03 s               │                    ╰───────────────────▶┤ ESTABLISHED',
      '                          ╵                                         ╵',
      '',
      'passed: 3 checks, 1.03 s of virtual time',
      '',
    ]);
  });

  test('arrows that cross are both drawn, from one lifeline to the other', async () => {
    const lines = await picture(BOTH_CLOSE);
    const closing = lines.filter((line) => line.includes('FIN-ACK'));
    expect(closing).toHaveLength(2);
    expect(closing[0]).toMatch(/├─ FIN-ACK seq 1 ack 1 ─/);
    expect(closing[1]).toMatch(/─ FIN-ACK seq 1 ack 1 ─┤/);
    expect(lines.filter((line) => line.includes('▶┤')).length).toBe(4);
    expect(lines.filter((line) => line.includes('├◀')).length).toBe(3);
  });

  test('says which check failed, and how many', async () => {
    const lines = await picture(SCRIPTS.failing);
    expect(lines.some((line) => line.endsWith('failed (line 4): server is LISTEN'))).toBe(true);
    expect(lines.at(-2)).toMatch(/^failed: 1 of 3 checks failed, /);
  });

  test('keeps its lifelines straight with wide and combined characters', async () => {
    const script =
      'host 클라이언트 at 10.0.0.1:1\nhost e\u0301te\u0301 at 10.0.0.2:2\ne\u0301te\u0301 listen\n클라이언트 connect\nrun\n';
    const lines = await picture(script);
    const lifelines = lines.filter((line) => /^ .*[│├┤]/u.test(line)).map((line) => columnsOf(line, '[│├┤]').join());
    expect(lifelines.length).toBeGreaterThan(3);
    expect(new Set(lifelines).size).toBe(1);
    expect(lines.some((line) => line.includes('클라이언트'))).toBe(true);
  });

  test.each([
    ['losses in a row', 'drop next\nclient write 3000 bytes\nclient write 3000 bytes\nrun\n'],
    ['both write at once', 'drop next\nclient write 7000 bytes\nserver write 100 bytes\nrun\n'],
    ['both write much', 'client write 5000 bytes\nserver write 5000 bytes\nrun\n'],
  ])('every arrow can be followed from its label to its head: %s', async (_what, script) => {
    const lines = await picture(`server listen\nclient connect\nwait until server is ESTABLISHED\n${script}`);
    const toServer = lines.filter((line) => line.includes('▶'));
    const toClient = lines.filter((line) => line.includes('◀'));
    expect(toServer.length + toClient.length).toBeGreaterThan(10);
    for (const line of toServer) expect(line).toMatch(/╰[─┼]*▶┤/);
    for (const line of toClient) expect(line).toMatch(/├◀[─┼]*╯/);
    for (const line of lines.filter((one) => / ├─ [A-Z]/.test(one)))
      expect(line).toMatch(/ ├─ [-A-Za-z0-9<> ]+ [─┼]*[╮✗]/);
    for (const line of lines.filter((one) => / ─┤/.test(one))) expect(line).toMatch(/╭[─┼]* [-A-Za-z0-9<> ]+ ─┤/);
    expect(lines.join('\n')).not.toMatch(/[┬┴]/);
  });

  test('three hosts have three lifelines, and the states of the middle one stand beside it', async () => {
    const script =
      'host a at 10.0.0.1:1\nhost b at 10.0.0.2:2\nhost c at 10.0.0.3:3\nb listen\nc connect to b\nexpect b is ESTABLISHED\n';
    const lines = await picture(script);
    expect(lines.some((line) => columnsOf(line, '[╵]').length === 3)).toBe(true);
    expect(lines.some((line) => line.includes('│ LISTEN'))).toBe(true);
    expect(lines.some((line) => /SYN-RECEIVED {2}├◀/.test(line))).toBe(true);
    expect(lines.some((line) => line.includes('b SYN-RECEIVED'))).toBe(false);
  });

  test('a segment that is still under way has no head', async () => {
    const { out } = await cli(['run', '--until', '15ms', 'a'], { a: SCRIPTS.handshake });
    const line = out.split('\n').find((one) => one.includes('SYN-ACK'));
    expect(line).toContain('...');
    expect(line).toContain('still in flight');
    expect(line).not.toContain('◀');
  });

  test('an arrow that has little room beside others keeps its corner', async () => {
    const lines = await picture(
      'host left\nhost middle at 10.0.0.9\nhost right_with_a_very_long_name_indeed\nmiddle listen\n' +
        'left connect to middle\nright_with_a_very_long_name_indeed connect to middle\nrun\n',
    );
    const departures = lines.filter((line) => / (SYN|SYN-ACK|ACK) seq /.test(line));
    expect(departures).toHaveLength(6);
    expect(departures.filter((line) => !/[╭╮].* seq | seq .*[╭╮]/.test(line))).toEqual([]);
  });

  test('a very long run is cut, and says so', async () => {
    const { out } = await cli(['run', 'a'], { a: `${SCRIPTS.handshake}client write 3000000 bytes\nrun\n` });
    const lines = out.split('\n');
    expect(lines.length).toBeLessThan(2_020);
    expect(out).toMatch(/… and \d+ moments more; `--format json` has all of the run/);
  });

  test('a script in which nothing happens has no diagram', async () => {
    expect(await picture('wait 1s\n')).toEqual(
      ['a', '', 'passed: 0 checks, 1 s of virtual time', ''].filter((_, index) => index !== 1),
    );
  });
});

describe('the terminal', () => {
  const ESCAPE = '\u001b[';

  test.each<[what: string, surroundings: Surroundings, coloured: boolean]>([
    ['a terminal', { terminal: true }, true],
    ['a pipe', {}, false],
    ['NO_COLOR', { terminal: true, env: { NO_COLOR: '1' } }, false],
    ['an empty NO_COLOR', { terminal: true, env: { NO_COLOR: '' } }, true],
    ['a dumb terminal', { terminal: true, env: { TERM: 'dumb' } }, false],
  ])('%s', async (_what, surroundings, coloured) => {
    const lines = await picture(LOST_SYN, surroundings);
    expect(lines.join('\n').includes(ESCAPE)).toBe(coloured);
  });

  test('a file gets no colours, even from a terminal', async () => {
    const { files } = await cli(['run', '--out', 'r.txt', 'a'], { a: LOST_SYN }, { terminal: true });
    expect(files['r.txt']).toContain('SYN');
    expect(files['r.txt']).not.toContain(ESCAPE);
  });

  test('a locale without Unicode gets plain characters', async () => {
    const lines = await picture(LOST_SYN, { env: { LANG: 'C' } });
    expect(lines.join('\n')).toMatch(/^[\x20-\x7e\n]*$/);
    expect(lines.some((line) => line.includes('--x'))).toBe(true);
  });

  test('control characters of a script do not reach the terminal', async () => {
    const { out, err } = await cli(['run', 'a'], { a: 'scenario "a\u001b[31m"\nclient send "\u001b[31m"\n' });
    expect(out + err).not.toContain('\u001b');
  });

  test('a long run shows on a terminal how far it is, and leaves nothing behind', async () => {
    const script = `${SCRIPTS.handshake}client write 12000000 bytes\nrun\n`;
    const ran = await cli(['run', '--format', 'json', 'a'], { a: script }, { terminal: true });
    const eraser = `\r${ESCAPE}K`;
    expect(ran.err.startsWith(`${eraser}running: `)).toBe(true);
    expect(ran.err.slice(0, ran.err.lastIndexOf(eraser))).toContain('moments');
    expect(ran.err.slice(ran.err.lastIndexOf(eraser))).not.toContain('running');
    const piped = await cli(['run', '--format', 'json', 'a'], { a: script });
    expect(piped.err).toBe('');
  });
});
