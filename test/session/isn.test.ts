import { describe, expect, it } from 'vitest';
import { finished, reportOf } from './support';

/** The ISNs of the SYNs that are sent, by their senders, in order. */
function isns(script: string): string[] {
  return reportOf(finished(script))
    .segments.filter(({ flags }) => flags.includes('SYN'))
    .map(({ from, seqRaw }) => `${from} ${seqRaw}`);
}

const OPEN = 'server listen\nclient connect\nwait until server is ESTABLISHED\n';

describe('an ISN that no script names (RFC 6528)', () => {
  it('is the same in each run of a script, and another with another seed', () => {
    expect(isns(OPEN)).toEqual(isns(OPEN));
    const [first, second] = [isns(OPEN), isns(`link { seed 2 }\n${OPEN}`)];
    expect(new Set([...first, ...second]).size).toBe(4);
  });

  it('goes on by one every 4 microseconds', () => {
    const numberOf = (script: string) => Number(isns(script)[0]?.split(' ')[1]);
    expect(numberOf(`wait 40us\n${OPEN}`) - numberOf(OPEN)).toBe(10);
  });

  it('is another one for each remote socket, at the same moment', () => {
    const hosts = 'host server\nhost alice\nhost bob\n';
    const found = isns(`${hosts}server listen\nalice connect to server\nbob connect to server\nwait 1s`);
    const ofServer = found.filter((one) => one.startsWith('server '));
    expect(ofServer).toHaveLength(2);
    expect(new Set(found).size).toBe(4);
  });

  it('is what `isn random` says, too', () => {
    expect(isns(`host client { isn random }\n${OPEN}`)).toEqual(isns(OPEN));
    expect(isns(`host client { isn 7 }\n${OPEN}`)[0]).toBe('client 7');
  });

  it('leaves numbers for people counted from it', () => {
    expect(reportOf(finished(OPEN)).segments.map(({ seq, ack }) => [seq, ack])).toEqual([
      [0, null],
      [0, 1],
      [1, 1],
    ]);
  });
});
