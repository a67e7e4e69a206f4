import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/runs';
import { judgeScript } from './judge';
import { bytesOf, type RandomWorld, scriptOf, WORLDS } from './worlds';

/** Fails with the script that failed, so that it can be run again as it is. */
function holds(world: RandomWorld): void {
  const script = scriptOf(world);
  const { problem } = judgeScript(script);
  if (problem !== null) throw new Error(`${problem}\n\n${script}`);
}

describe('whatever the link does', () => {
  it('what is read is what was written, or an error tells; windows are kept to; all ends, and both are CLOSED', () => {
    fc.assert(fc.property(WORLDS, holds), { numRuns: runs(2000) });
  }, 240_000);

  it('the same seed gives the same segments', () => {
    const twice = (world: RandomWorld) => [judgeScript(scriptOf(world)), judgeScript(scriptOf(world))];
    fc.assert(
      fc.property(WORLDS, (world) => {
        const [first, second] = twice(world);
        expect(second).toEqual(first);
      }),
      { numRuns: runs(50) },
    );
    const digests = fc.sample(WORLDS, { numRuns: 30, seed: 1 }).map((world) => judgeScript(scriptOf(world)).digest);
    expect(new Set(digests).size).toBeGreaterThan(25);
  });

  it('the worlds are of all kinds', () => {
    const worlds = fc.sample(WORLDS, { numRuns: 500, seed: 1 });
    const scripts = worlds.map(scriptOf);
    const words = [
      ...['linux', 'freebsd', 'rfc'].map((name) => `profile ${name}`),
      ...['loss', 'duplicate', 'reorder', 'corrupt', 'jitter', 'rate'].map((name) => ` ${name} `),
      ...[
        'link down',
        'hold',
        'release',
        'read off',
        'drop next 3',
        'connect to client',
        'isn 4294967295',
        'window 300',
      ],
    ];
    for (const word of words) expect(scripts.filter((script) => script.includes(word)).length, word).toBeGreaterThan(5);
    expect(worlds.filter(({ patient }) => !patient).length).toBeGreaterThan(50);
    expect(worlds.filter(({ clientWrites }) => bytesOf(clientWrites) > 20_000).length).toBeGreaterThan(20);
  });
});

describe('the judge', () => {
  const open = 'server listen\nclient connect\nwait until server is ESTABLISHED\n';

  it.each([
    [
      'a check that fails',
      `${open}client write 10 bytes\nexpect server received 11 bytes`,
      'line 5: expected 11 bytes',
    ],
    ['a script that is wrong', 'client sned SYN', 'the script is wrong'],
    ['a call that is refused', `${open}client close\nclient write 1 bytes`, 'line 5: expected SEND succeeds'],
    [
      'an end before the end',
      `${open}drop next 5 data\nclient write 10 bytes`,
      'the run ended though something is left to happen',
    ],
    [
      'octets that are not those of the pattern',
      `${open}client write "not it" push\nrun`,
      'server got an octet that is not number 0',
    ],
    [
      'data beyond a window that was never told',
      `host server { window 500 bytes }\n${open}server inject ACK seq +1 ack +1 win 9000\nclient write 9000 bytes\nwait 1s\nrun`,
      'beyond the window',
    ],
  ])('sees %s', (_name, script, problem) => {
    expect(judgeScript(script).problem).toContain(problem);
  });

  it('lets a world without patience end with an error, and no other', () => {
    const script = (end: string) =>
      `host client { user-timeout 5s }\n${open}link down\nclient write 10 bytes\nwait until server received 10 bytes or client error any within 1h\nclient write 1 bytes\nrun\nexpect server received 10 bytes${end}`;
    expect(judgeScript(script(' or client error any')).problem).toBeNull();
    expect(judgeScript(script('')).problem).toContain('expected 10 bytes received');
  });
});
