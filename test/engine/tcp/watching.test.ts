import { describe, expect, it } from 'vitest';
import type { EngineEvent, EventSink } from '../../../src/engine/events';
import { NO_OPTIONS } from '../../../src/engine/segment';
import { cloneConnection, icmpReceived } from '../../../src/engine/tcp/connection';
import type { Tcb } from '../../../src/engine/tcp/tcb';
import { arrive, type Bench, bench, call, close, expire, listen, peerSegment, send, sent } from './harness';

/**
 * A connection in which everything happens that somebody can be told of; returns what it sent, one line each, and when its
 * timers expired. `halfway` is called in the middle of it.
 */
function life(b: Bench, halfway: () => void = () => undefined): string[] {
  const log: string[] = [];
  const out = (): void => void log.push(...sent(b));
  listen(b);
  b.tcb.peer = 'b';
  b.tcb.isMain = false;
  call(b, { kind: 'receive', lengthBytes: 5 });
  arrive(b, 'SYN', { seq: 0, options: { mss: 1000, ts: [1, 0], sackOK: true, wscale: 2 } });
  out();
  const options = { ts: [2, 1] } as const;
  arrive(b, 'ACK', { seq: 1, ack: 1, options });
  send(b, 30_000);
  out();
  b.ctx.nowUs += 20_000;
  arrive(b, 'ACK', { seq: 1, ack: 1001, len: 100, options });
  arrive(b, 'URG-ACK', { seq: 301, ack: 1001, len: 100, up: 50, options });
  arrive(b, 'ACK', { seq: 301, ack: 1001, len: 100, options: NO_OPTIONS });
  out();
  for (let count = 0; count < 4; count++) arrive(b, 'ACK', { seq: 101, ack: 1001, options });
  out();
  halfway();
  for (const kind of ['host-unreachable', 'source-quench'] as const) {
    icmpReceived(b.tcb, { kind, mtuBytes: 0, quoted: { ...peerSegment(b, 'ACK'), seq: b.tcb.snd.una } }, 1, b.ctx);
  }
  log.push(expire(b), expire(b));
  out();
  arrive(b, 'ACK', { seq: 101, len: 200, options });
  close(b);
  out();
  arrive(b, 'FIN-ACK', { seq: 401, options });
  out();
  return log;
}

/** A life that `sink` watches; what was sent. */
function watched(sink: EventSink): string[] {
  const b = bench({ timestamps: true, sack: true, windowScale: 2, delayedAckUs: 40_000, mssBytes: 1000 });
  b.ctx.sink = sink;
  return life(b);
}

const DETAIL: readonly EngineEvent['kind'][] = [
  ...(['note', 'segment-discarded', 'segment-queued', 'timer-expired', 'timer-started'] as const),
  ...(['timer-stopped', 'window'] as const),
];
const BRIEF: readonly EngineEvent['kind'][] = ['call-completed', 'delivered', 'icmp-ignored', 'signal', 'state'];

const kindsOf = (events: readonly EngineEvent[]): string[] => [...new Set(events.map(({ kind }) => kind))].sort();

describe('who watches a connection', () => {
  it('is told of everything, by whom and when', () => {
    const events: EngineEvent[] = [];
    watched((event) => events.push(event));
    expect(kindsOf(events)).toEqual([...BRIEF, ...DETAIL].sort());
    for (const event of events.slice(1)) {
      expect(event).toMatchObject({ host: 'a', peer: 'b', main: false, cause: { rule: expect.stringMatching(/./) } });
    }
    const times = events.map(({ timeUs }) => timeUs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeGreaterThan(1_000_000);
  });

  it('is told only of what an application sees when that is enough', () => {
    const all: EngineEvent[] = [];
    watched((event) => all.push(event));
    const events: EngineEvent[] = [];
    watched(Object.assign((event: EngineEvent) => void events.push(event), { brief: true }));
    expect(events).toEqual(all.filter(({ kind }) => BRIEF.includes(kind)));
  });

  it('changes nothing: the same segments leave, the same timers expire', () => {
    const wanted = watched(() => undefined);
    expect(wanted.length).toBeGreaterThan(20);
    expect(watched(null)).toEqual(wanted);
    expect(watched(Object.assign(() => undefined, { brief: true }))).toEqual(wanted);
  });
});

describe('a copy of a connection', () => {
  it('is the same in every part, and shares nothing that changes', () => {
    const b = bench({ timestamps: true, sack: true, windowScale: 2, delayedAckUs: 40_000, mssBytes: 1000 });
    let tcb: Tcb | undefined;
    let copy: Tcb | undefined;
    life(b, () => {
      tcb = b.tcb;
      copy = cloneConnection(b.tcb);
      // Queues give up what is dead as they are copied: a copy of a copy is the same.
      expect(cloneConnection(copy)).toEqual(copy);
      const { sendQueue, retransmissionQueue, receiveBuffer, ...rest } = b.tcb;
      expect(copy).toMatchObject(rest);
    });
    if (tcb === undefined || copy === undefined) throw new Error('there was no halfway');
    const shared = Object.entries(copy).filter(
      ([key, value]) => typeof value === 'object' && value !== null && value === tcb?.[key as keyof Tcb],
    );
    // What is never written in place.
    const replaced = [
      'config',
      'local',
      'remote',
      'listenRemote',
      'reassembly',
      'receives',
      'softError',
      'isnOrigin',
      'lastTrigger',
    ];
    const names = shared.map(([key]) => key).filter((key) => !replaced.includes(key));
    expect(names).toEqual([]);
    expect(copy.congestion.hystart).not.toBe(tcb.congestion.hystart);
    expect(copy.timerStarts.persist).not.toBe(tcb.timerStarts.persist);
    expect(copy.owed.replies).not.toBe(tcb.owed.replies);
  });
});
