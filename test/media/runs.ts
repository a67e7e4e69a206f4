import type { RunView } from '../../src/protocol/view';
import { runOf, type SegmentFacts } from './fixtures';

const MS = 1_000;
const SECOND = 1_000_000;
const c = { from: 'client', to: 'server' } as const;
const s = { from: 'server', to: 'client' } as const;

/** The three-way handshake, nothing lost. */
export const handshake: RunView = runOf({
  title: 'Three-way handshake',
  hosts: ['client', 'server'],
  segments: [
    { ...c, sentUs: 0, flags: 'SYN' },
    { ...s, sentUs: 10 * MS, flags: 'SYN-ACK' },
    { ...c, sentUs: 20 * MS, flags: 'ACK', seq: 1 },
  ],
  states: [
    ['server', 'LISTEN', 0],
    ['client', 'SYN-SENT', 0],
    ['server', 'SYN-RECEIVED', 10 * MS],
    ['client', 'ESTABLISHED', 20 * MS],
    ['server', 'ESTABLISHED', 30 * MS],
  ],
  marks: [
    ['call', 'server', 0, 'server calls OPEN'],
    ['call', 'client', 0, 'client calls OPEN'],
    ['check-passed', null, 20 * MS, 'client is ESTABLISHED', 6],
    ['check-passed', null, 30 * MS, 'server is ESTABLISHED', 7],
    ['check-failed', null, 30 * MS, 'server.RCV.NXT == client.ISS + 2', 8],
  ],
});

/** The first SYN is lost; the second one goes a second later. */
export const lostSyn: RunView = runOf({
  title: 'Lost SYN',
  hosts: ['client', 'server'],
  segments: [
    { ...c, sentUs: 0, flags: 'SYN', fate: 'dropped', fault: 'drop next (line 7)' },
    { ...c, sentUs: SECOND, flags: 'SYN', retransmission: true },
    { ...s, sentUs: SECOND + 10 * MS, flags: 'SYN-ACK' },
    { ...c, sentUs: SECOND + 20 * MS, flags: 'ACK', seq: 1 },
  ],
  states: [
    ['server', 'LISTEN', 0],
    ['client', 'SYN-SENT', 0],
    ['server', 'SYN-RECEIVED', SECOND + 10 * MS],
    ['client', 'ESTABLISHED', SECOND + 20 * MS],
    ['server', 'ESTABLISHED', SECOND + 30 * MS],
  ],
  marks: [
    ['call', 'client', 0, 'client calls OPEN'],
    ['timer', 'client', SECOND, 'retransmission timer of client expires'],
    ['network', null, 0, 'link client -> server: delay 10 ms'],
  ],
});

/** Four segments and sixty seconds of TIME-WAIT. */
export const fourWayClose: RunView = runOf({
  title: 'Four-way close',
  hosts: ['client', 'server'],
  segments: [
    { ...c, sentUs: 0, flags: 'FIN-ACK', seq: 1 },
    { ...s, sentUs: 10 * MS, flags: 'ACK', seq: 1, ack: 2 },
    { ...s, sentUs: 110 * MS, flags: 'FIN-ACK', seq: 1, ack: 2 },
    { ...c, sentUs: 120 * MS, flags: 'ACK', seq: 2, ack: 2 },
  ],
  states: [
    ['client', 'ESTABLISHED', 0],
    ['server', 'ESTABLISHED', 0],
    ['client', 'FIN-WAIT-1', 0],
    ['server', 'CLOSE-WAIT', 10 * MS],
    ['client', 'FIN-WAIT-2', 20 * MS],
    ['server', 'LAST-ACK', 110 * MS],
    ['client', 'TIME-WAIT', 120 * MS],
    ['server', 'CLOSED', 130 * MS],
    ['client', 'CLOSED', 60 * SECOND + 120 * MS],
  ],
  marks: [
    ['call', 'client', 0, 'client calls CLOSE'],
    ['call', 'server', 110 * MS, 'server calls CLOSE'],
    ['timer', 'client', 60 * SECOND + 120 * MS, 'time-wait timer of client expires'],
  ],
});

/** Both close at once: arrows that cross. */
export const simultaneousClose: RunView = runOf({
  title: 'Simultaneous close',
  hosts: ['client', 'server'],
  segments: [
    { ...c, sentUs: 0, flags: 'FIN-ACK', seq: 1 },
    { ...s, sentUs: 0, flags: 'FIN-ACK', seq: 1 },
    { ...s, sentUs: 10 * MS, flags: 'ACK', seq: 2, ack: 2 },
    { ...c, sentUs: 10 * MS, flags: 'ACK', seq: 2, ack: 2 },
  ],
  states: [
    ['client', 'ESTABLISHED', 0],
    ['server', 'ESTABLISHED', 0],
    ['client', 'FIN-WAIT-1', 0],
    ['server', 'FIN-WAIT-1', 0],
    ['client', 'CLOSING', 10 * MS],
    ['server', 'CLOSING', 10 * MS],
    ['client', 'TIME-WAIT', 20 * MS],
    ['server', 'TIME-WAIT', 20 * MS],
  ],
  marks: [
    ['call', 'client', 0, 'client calls CLOSE'],
    ['call', 'server', 0, 'server calls CLOSE'],
  ],
});

/** Three hosts, one of them forging. */
export const threeHosts: RunView = runOf({
  title: 'A forged reset',
  hosts: ['client', 'server', 'attacker-with-a-very-long-name-indeed'],
  segments: [
    { ...c, sentUs: 0, flags: 'SYN' },
    { ...s, sentUs: 10 * MS, flags: 'SYN-ACK' },
    { ...c, sentUs: 20 * MS, flags: 'ACK', seq: 1 },
    {
      from: 'attacker-with-a-very-long-name-indeed',
      to: 'client',
      sentUs: 25 * MS,
      flags: 'RST',
      seq: 1,
      injected: true,
    },
    { ...c, sentUs: 40 * MS, flags: 'PSH-ACK', seq: 1, lengthBytes: 1000, corrupted: true },
    { ...c, sentUs: 60 * MS, flags: 'PSH-ACK', seq: 1001, lengthBytes: 1000, fate: 'held', arriveUs: null },
    { ...c, sentUs: 61 * MS, flags: 'PSH-ACK', seq: 1, lengthBytes: 1000, duplicate: true },
    { from: 'server', to: null, sentUs: 80 * MS, flags: 'RST', fate: 'lost', fault: 'nobody has the address' },
  ],
  states: [
    ['server', 'LISTEN', 0],
    ['client', 'SYN-SENT', 0],
    ['server', 'SYN-RECEIVED', 10 * MS],
    ['client', 'ESTABLISHED', 20 * MS],
    ['server', 'ESTABLISHED', 30 * MS],
    ['client', 'CLOSED', 35 * MS],
  ],
});

/** `count` data segments at one instant, each acknowledged; the sixth is lost where there are so many. */
export function burst(count: number): RunView {
  const data = Array.from(
    { length: count },
    (_, index): SegmentFacts => ({
      ...c,
      sentUs: 0,
      flags: 'PSH-ACK',
      seq: 1 + 1460 * index,
      lengthBytes: 1460,
      ...(index === 5 ? ({ fate: 'lost', fault: 'drop 6th data (line 4)', diedAt: 0.6 } as const) : {}),
    }),
  );
  const acks = data
    .filter(({ fate }) => fate !== 'lost')
    .map((_, index): SegmentFacts => ({ ...s, sentUs: 10 * MS, flags: 'ACK', seq: 1, ack: 1461 + 1460 * index }));
  return runOf({
    title: `${count} segments`,
    hosts: ['client', 'server'],
    segments: [...data, ...acks],
    states: [
      ['client', 'ESTABLISHED', 0],
      ['server', 'ESTABLISHED', 0],
    ],
  });
}

/** Data segments one after the other, as a slow link lets them. */
export function paced(count: number): RunView {
  const segments = Array.from({ length: count }, (_, index): readonly SegmentFacts[] => [
    { ...c, sentUs: index * 4 * MS, flags: 'PSH-ACK', seq: 1 + 1460 * index, lengthBytes: 1460 },
    { ...s, sentUs: index * 4 * MS + 10 * MS, flags: 'ACK', seq: 1, ack: 1461 + 1460 * index },
  ]).flat();
  return runOf({
    title: `${count} segments, paced`,
    hosts: ['client', 'server'],
    segments: segments.sort((a, b) => a.sentUs - b.sentUs),
    states: [
      ['client', 'ESTABLISHED', 0],
      ['server', 'ESTABLISHED', 0],
    ],
  });
}

/** Hosts with Korean names. */
export const korean: RunView = runOf({
  title: '세 방향 악수',
  hosts: ['클라이언트', '서울에-있는-아주-긴-이름의-서버'],
  segments: [
    { from: '클라이언트', to: '서울에-있는-아주-긴-이름의-서버', sentUs: 0, flags: 'SYN' },
    { from: '서울에-있는-아주-긴-이름의-서버', to: '클라이언트', sentUs: 10 * MS, flags: 'SYN-ACK' },
    { from: '클라이언트', to: '서울에-있는-아주-긴-이름의-서버', sentUs: 20 * MS, flags: 'ACK', seq: 1 },
  ],
  states: [
    ['서울에-있는-아주-긴-이름의-서버', 'LISTEN', 0],
    ['클라이언트', 'SYN-SENT', 0],
    ['클라이언트', 'ESTABLISHED', 20 * MS],
  ],
  marks: [['call', '클라이언트', 0, '클라이언트 calls OPEN']],
});
