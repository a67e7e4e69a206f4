import { describe, expect, it } from 'vitest';
import { headerRows } from '../../media/segmentLabel';
import { extendRun, projectRun } from '../../src/protocol/project';
import { finished, reportOf } from '../session/support';

const OPEN = 'server listen\nclient connect\nwait until server is ESTABLISHED\n';

/** The segments of a run, as eyes get them. */
function segmentsOf(text: string) {
  return projectRun(finished(text)).segments;
}

describe('the numbers of a segment', () => {
  const SACK = 'host client { sack on, isn 4294967290 }\nhost server { sack on }\n';

  it('SACK blocks count from the ISN of the data that they name, across its wrap, and are kept as on the wire', () => {
    const text = `${SACK}${OPEN}drop next data\nclient write 3000 bytes\nrun\n`;
    const [ack] = segmentsOf(text).filter(({ options }) => options.some((option) => /^sack \d/.test(option)));
    expect(ack).toMatchObject({ from: 'server', ack: 1, options: ['sack 1461-2921'], optionsRaw: ['sack 1455-2915'] });
    if (ack === undefined) throw new Error('nothing is acknowledged selectively');
    expect(new Map(headerRows(ack)).get('Options')).toBe('sack 1461-2921 (on the wire sack 1455-2915)');
    const reported = reportOf(finished(text)).segments.find(({ options }) => options.sack !== undefined);
    expect(reported?.options).toEqual({ sack: [[1461, 2921]], sackRaw: [[1455, 2915]] });
  });

  it('a block that tells of a duplicate counts the same way', () => {
    const texts = segmentsOf(`${SACK}${OPEN}duplicate next data by 30ms\nclient write 10 bytes\nrun\n`);
    expect(texts.flatMap(({ options }) => options)).toContain('sack 1-11');
  });

  it('the urgent pointer stands there with URG alone', () => {
    const sent = segmentsOf(`${OPEN}client write 3 bytes urgent\nrun\nclient write 3 bytes\nrun\n`);
    const data = sent.filter(({ lengthBytes }) => lengthBytes > 0);
    expect(data.map(({ up }) => up)).toEqual([3, null]);
    expect(new Map(data.map((one) => [one.up, new Map(headerRows(one)).get('Urgent pointer')]))).toEqual(
      new Map([
        [3, '3'],
        [null, undefined],
      ]),
    );
  });

  it('are those of the wire where nobody knows an ISN to count from', () => {
    const text =
      `host client\nhost server\nhost attacker at 10.0.0.66\n${OPEN}` +
      'attacker inject ACK seq 3000000000 ack 4000000000 spoof 203.0.113.9 to server\nrun\n';
    expect(segmentsOf(text).find(({ injected }) => injected)).toMatchObject({ seq: 3_000_000_000, ack: 4_000_000_000 });
    const reported = reportOf(finished(text)).segments.find(({ fate }) => fate === 'injected');
    expect(reported).toMatchObject({ seq: 3_000_000_000, ack: 4_000_000_000 });
  });

  it('count from the ISN of their own connection, also after many others between the same sockets', () => {
    const again = 'client connect\nclient abort\n'.repeat(5);
    const sent = segmentsOf(
      `host client\nhost server\nserver listen\n${again}client connect\nwait until client is ESTABLISHED\n`,
    );
    expect(sent.filter(({ flags }) => flags === 'SYN').every(({ seq }) => seq === 0)).toBe(true);
    expect(sent.at(-1)).toMatchObject({ flags: 'ACK', seq: 1, ack: 1 });
  });
});

describe('a run with very many checks', () => {
  it('is shown with a mark for each', () => {
    const session = finished('expect client is LISTEN\n');
    const [check] = session.checks();
    if (check === undefined) throw new Error('the script has a check');
    const checks = new Array<typeof check>(200_000).fill(check);
    const many = Object.create(session, { checks: { value: () => checks } });
    for (const name of ['scenario', 'momentCount', 'finished'] as const) {
      Object.defineProperty(many, name, { value: session[name] });
    }
    for (const name of ['moment', 'stateAt', 'outcome'] as const) {
      Object.defineProperty(many, name, { value: session[name].bind(session) });
    }
    expect(extendRun(many, { from: 0, to: session.momentCount }).marks).toHaveLength(200_000);
  });
});
