import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MARKS, type Mark } from '../../src/session/marks';
import type { Session } from '../../src/session/session';
import { allScripts, runsOf } from '../wire/captures';
import { finished, reportOf } from './support';

/** `client DATA: retransmission` for each segment that is marked. */
function marked(text: string): string[] {
  return reportOf(finished(text)).segments.flatMap(({ from, flags, len, seq, marks, duplicateAck }) => {
    if (marks.length === 0) return [];
    const names = marks.map((mark) => (mark === 'duplicate-ack' ? `${mark} ${duplicateAck}` : mark));
    return [`${from} ${len > 0 ? `${len} bytes` : flags.join('-')} seq ${seq}: ${names.join(', ')}`];
  });
}

/** The segments that a TCP counted as duplicate ACKs when they arrived. */
function countedDuplicates(
  run: string,
  session: Session,
): { readonly name: string; readonly marks: readonly Mark[] }[] {
  const { segments } = reportOf(session);
  // What a forged segment told is the last that its receiver heard, but not what the host said last.
  if (segments.some(({ fate }) => fate === 'injected')) return [];
  const moments = Array.from({ length: session.momentCount }, (_, index) => session.moment(index));
  return moments.flatMap(({ events }) =>
    events.flatMap((event) => {
      if (event.kind !== 'note' || event.cause.rule !== 'ack-duplicate' || event.cause.trigger.kind !== 'segment')
        return [];
      const id = event.cause.trigger.segment;
      const segment = segments[id - 1];
      if (segment === undefined) return [];
      return [{ name: `${run} segment ${id}`, marks: segment.marks }];
    }),
  );
}

const OPEN = 'server listen\nclient connect\nwait until server is ESTABLISHED\n';

describe('marks', () => {
  const cases: readonly (readonly [name: string, script: string, marks: readonly string[]])[] = [
    ['nothing remarkable', `${OPEN}client write 100 bytes\nrun`, []],
    ['a SYN that is lost', `server listen\ndrop next SYN\nclient connect\nrun`, ['client SYN seq 0: retransmission']],
    [
      'the retransmission timer',
      `${OPEN}drop next data\nclient write 100 bytes\nrun`,
      ['client 100 bytes seq 1: retransmission'],
    ],
    [
      'three duplicate ACKs',
      `host client { mss 1000 }\nhost server { mss 1000 }\n${OPEN}drop next data\nclient write 4000 bytes\nrun`,
      [
        'server ACK seq 1: duplicate-ack 1',
        'server ACK seq 1: duplicate-ack 2',
        'server ACK seq 1: duplicate-ack 3',
        'client 1000 bytes seq 1: retransmission, fast-retransmission',
      ],
    ],
    [
      'an ACK that is lost',
      `${OPEN}drop next ACK from server\nclient write 100 bytes\nrun`,
      ['client 100 bytes seq 1: retransmission, spurious-retransmission'],
    ],
    [
      'a segment that is overtaken',
      `host client { mss 1000 }\nhost server { mss 1000 }\n${OPEN}delay next data by 1ms\nclient write 2000 bytes\nrun`,
      ['client 1000 bytes seq 1: out-of-order', 'server ACK seq 1: duplicate-ack 1'],
    ],
    [
      'a window that closes and opens',
      `host server { window 1000 bytes, read off }\n${OPEN}client write 1200 bytes\nwait 2s\nserver read all\nrun`,
      [
        'server ACK seq 1: zero-window',
        'client 1 bytes seq 1001: window-probe',
        'server ACK seq 1: zero-window',
        'server ACK seq 1: window-update',
        'client 200 bytes seq 1001: retransmission',
      ],
    ],
    ['a keep-alive', `host client { keepalive 10s }\n${OPEN}wait 11s`, ['client ACK seq 0: keep-alive']],
  ];

  it.each(cases)('%s', (_name, script, expected) => {
    expect(marked(script)).toEqual(expected);
  });

  it('a forged segment has none, and a copy that the network makes has those of its original', () => {
    expect(marked(`${OPEN}client write 100 bytes\nwait 1s\nclient inject 100 bytes seq +1\nrun`)).toEqual([]);
    const copies = marked(`${OPEN}drop next data\nduplicate 2nd data\nclient write 100 bytes\nrun`);
    expect(copies).toEqual(['client 100 bytes seq 1: retransmission', 'client 100 bytes seq 1: retransmission']);
  });

  it('a connection that begins anew owes nothing to the one before', () => {
    const again = `${OPEN}client abort\nrun\n${OPEN}client write 100 bytes\nrun`;
    expect(marked(again)).toEqual([]);
  });

  it('every mark is met by some script of the project, and says in one sentence what it means', () => {
    const met = new Set<Mark>();
    for (const path of allScripts()) {
      for (const { session } of runsOf(path)) {
        for (const { marks } of reportOf(session).segments) for (const mark of marks) met.add(mark);
      }
    }
    expect([...met].sort()).toEqual(Object.keys(MARKS).sort());
    expect(Object.values(MARKS).every((text) => /^[A-Z].*\.$/.test(text))).toBe(true);
  });

  it('what a TCP counts as a duplicate ACK is marked as one, unless it answers a probe of a closed window', () => {
    const counted = allScripts().flatMap((path) =>
      runsOf(path).flatMap(({ run, session }) => countedDuplicates(run, session)),
    );
    expect(counted.length).toBeGreaterThan(100);
    expect(counted.filter(({ marks }) => !marks.includes('duplicate-ack') && !marks.includes('zero-window'))).toEqual(
      [],
    );
  });

  it('marks of the example of lost data are those that a textbook names', () => {
    const text = readFileSync(join(import.meta.dirname, '../../examples/lost-data.tcpscript'), 'utf8');
    expect(marked(text).filter((line) => line.includes('retransmission')).length).toBeGreaterThan(0);
  });
});
