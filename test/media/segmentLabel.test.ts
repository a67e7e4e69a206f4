import { describe, expect, it } from 'vitest';
import { formatTime } from '../../media/format';
import { headerRows, Labeller, labelOf, spokenLabel } from '../../media/segmentLabel';
import { stateClass } from '../../media/stateClass';
import { tableGroups } from '../../media/tableGroups';
import type { Measure } from '../../media/textWidth';
import type { SegmentView } from '../../src/protocol/view';
import { momentOf, runOf, type SegmentFacts } from './fixtures';
import { handshake } from './runs';

const measure: Measure = (text) => text.length * 6;

function segment(facts: Partial<SegmentFacts>): SegmentView {
  const whole: SegmentFacts = {
    from: 'client',
    to: 'server',
    sentUs: 0,
    flags: 'PSH-ACK',
    seq: 1,
    lengthBytes: 1000,
    ...facts,
  };
  const [only] = runOf({ title: '', hosts: ['client', 'server'], segments: [whole] }).segments;
  if (only === undefined) throw new Error('The fixture has no segment.');
  return only;
}

const textOf = (one: SegmentView, roomPx: number) =>
  labelOf(one, 'relative', roomPx, measure)
    .parts.map(({ text }) => text)
    .join(' ');

describe('the label of a segment', () => {
  it.each([
    [1000, 'PSH-ACK seq=1 ack=1 len=1000 win=65535'],
    [200, 'PSH-ACK seq=1 ack=1 len=1000'],
    [150, 'PSH-ACK seq=1 len=1000'],
    [90, 'PSH-ACK seq=1'],
    [10, 'PSH-ACK'],
  ])('has what fits into %d px', (roomPx, text) => expect(textOf(segment({}), roomPx)).toBe(text));

  it('keeps the acknowledgment number of a segment without data', () => {
    expect(textOf(segment({ flags: 'ACK', lengthBytes: 0 }), 100)).toBe('ACK seq=1 ack=1');
  });

  it('never leaves out the words that set a segment apart', () => {
    const odd = segment({ retransmission: true, injected: true, duplicate: true, corrupted: true });
    expect(textOf(odd, 10)).toBe('PSH-ACK injected retransmission duplicate corrupted');
  });

  it('is made once for a segment and a room', () => {
    const labels = new Labeller('relative', measure);
    const one = segment({});
    expect(labels.label(one, 200)).toBe(labels.label(one, 200));
    expect(labels.label(one, 90)).not.toEqual(labels.label(one, 200));
  });

  it('is spoken with everything', () => {
    const lost = segment({ fate: 'lost', fault: 'drop next (line 7)', retransmission: true });
    expect(spokenLabel(lost, 'absolute')).toBe(
      'PSH-ACK from client to server, seq=1001, ack=5001, len=1000, win=65535, retransmission, sent at 0, lost: drop next (line 7)',
    );
  });

  it('has a whole header behind it', () => {
    const rows = new Map(headerRows(segment({ flags: 'SYN', lengthBytes: 0 })));
    expect(rows.get('Options')).toBe('mss 1460');
    expect(rows.has('Acknowledgment')).toBe(false);
  });
});

describe('a time', () => {
  it.each([
    [0, '0'],
    [250, '250 µs'],
    [20_000, '20 ms'],
    [1_234, '1.234 ms'],
    [1_020_000, '1.02 s'],
    [60_120_000, '60.12 s'],
    [720_000_000, '12 min'],
    [721_500_000, '12 min 1.5 s'],
  ])('of %d µs is written %s', (timeUs, text) => expect(formatTime(timeUs)).toBe(text));
});

describe('the table of the hosts', () => {
  it('puts the same variable of all hosts in one row, by groups', () => {
    const groups = tableGroups(momentOf(handshake, 3).hosts);
    expect(groups.map(({ group }) => group)).toEqual(['Send', 'Receive', 'Timers']);
    const row = groups[0]?.rows.find(({ name }) => name === 'SND.NXT');
    expect(row?.cells.map((cell) => cell?.value)).toEqual(['1001', '5001']);
    expect(row?.doc).toContain('RFC 9293 3.3.1');
  });

  it('leaves a hole where a host has no such variable', () => {
    const [client, server] = momentOf(handshake, 3).hosts;
    if (client === undefined || server === undefined) throw new Error('The fixture has two hosts.');
    const [group] = tableGroups([client, { ...server, variables: [] }]);
    expect(group?.rows.every(({ cells }) => cells[0] !== null && cells[1] === null)).toBe(true);
  });
});

describe('the class of a state', () => {
  it('is one of six, by what the connection is about', () => {
    expect(stateClass('SYN-RECEIVED')).toBe('opening');
    expect(stateClass('LAST-ACK')).toBe('closing');
    expect(stateClass('TIME-WAIT')).toBe('waiting');
    expect(stateClass('no state')).toBe('closed');
  });
});
