import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../src/engine/events';
import { type Because, becauseLine } from '../../src/session/because';
import { chainOf, chainOfSegment } from '../../src/session/chain';
import type { Session } from '../../src/session/session';
import { chainOfEvent, chainOfMoment, lastMomentWithEvents } from '../../src/session/why';
import { finished, reportOf } from './support';

const OPEN = 'server listen\nclient connect\nwait until server is ESTABLISHED\n';
const SMALL_SERVER = `host client\nhost server { window 1000 bytes, read off }\n${OPEN}`;

/** The last event of the run that is meant, and its moment. */
function last(
  session: Session,
  isMeant: (event: EngineEvent) => boolean,
): readonly [event: EngineEvent, moment: number] {
  for (let index = session.momentCount - 1; index >= 0; index--) {
    const event = session.moment(index).events.filter(isMeant).at(-1);
    if (event !== undefined) return [event, index];
  }
  throw new Error('no such event');
}

/** The chain of the last event of the run that is meant. */
function chainOfLast(session: Session, isMeant: (event: EngineEvent) => boolean): readonly Because[] {
  return chainOf(session.chainSource, ...last(session, isMeant));
}

/** The same as `kind rule line`. */
function chain(script: string, isMeant: (event: EngineEvent) => boolean): string[] {
  return chainOfLast(finished(script), isMeant).map(({ kind, rule, line }) => `${kind} ${rule ?? '-'} ${line ?? '-'}`);
}

const enters = (host: string, state: string) => (event: EngineEvent) =>
  event.kind === 'state' && event.host === host && event.to === state;
const sends = (host: string, rule: string) => (event: EngineEvent) =>
  event.kind === 'segment-sent' && event.record.from === host && event.record.cause.rule === rule;
const is = (kind: EngineEvent['kind'], host: string) => (event: EngineEvent) =>
  event.kind === kind && 'host' in event && event.host === host;
const moves = (host: string, variable: string) => (event: EngineEvent) =>
  event.kind === 'window' && event.host === host && event.variable === variable;

const HANDSHAKE = [
  'arrival syn-sent-established 2',
  'arrival listen-syn 2',
  'arrival open-active 2',
  'line call-open-active 2',
];
const AFTER_LOSS = ['arrival text-out-of-order 5', 'arrival send-data 5', 'line call-send 5'];

type Row = readonly [what: string, script: string, event: (event: EngineEvent) => boolean, chain: readonly string[]];

const ROWS: readonly Row[] = [
  ['handshake', OPEN, enters('server', 'ESTABLISHED'), ['event syn-received-established 2', ...HANDSHAKE]],
  [
    'a SYN that was lost',
    'server listen\ndrop next SYN\nclient connect\nwait until server is ESTABLISHED',
    sends('client', 'syn-timeout'),
    ['event syn-timeout -', 'loss fault-drop 2', 'timer rto-start 3', 'line call-open-active 3'],
  ],
  [
    'a SYN-ACK that was lost',
    'server listen\ndrop next SYN-ACK\nclient connect\nwait until server is ESTABLISHED',
    sends('client', 'syn-timeout'),
    ['event syn-timeout -', 'loss fault-drop 2', 'timer rto-start 3', 'line call-open-active 3'],
  ],
  [
    'the first step of a close',
    `${OPEN}client close\nwait 30ms`,
    enters('client', 'FIN-WAIT-2'),
    [
      'event fin-wait-2 4',
      'decision ack-advances 4',
      'arrival fin-acknowledged 4',
      'arrival close-established 4',
      'line call-close 4',
    ],
  ],
  [
    'the end of a close',
    `${OPEN}client close\nwait 30ms\nserver close\nwait 30ms`,
    enters('server', 'CLOSED'),
    [
      'event last-ack-closed 6',
      'decision ack-advances 6',
      'arrival fin-acknowledged 6',
      'arrival close-close-wait 6',
      'line call-close 6',
    ],
  ],
  [
    'a forged reset',
    `host client\nhost server { isn 5000 }\nhost attacker\n${OPEN}attacker inject RST seq 5001 spoof server to client\nwait 20ms`,
    enters('client', 'CLOSED'),
    ['event reset-connection 7', 'arrival inject 7', 'line - 7'],
  ],
  [
    'a window that closes',
    `${SMALL_SERVER}client write 1500 bytes\nwait 100ms`,
    moves('client', 'SND.WND'),
    ['event window-updated 6', 'arrival text-in-order 6', 'arrival send-data 6', 'line call-send 6'],
  ],
  [
    'a receive window that fills',
    `${SMALL_SERVER}client write 1500 bytes\nwait 100ms`,
    moves('server', 'RCV.WND'),
    ['event receive-window-fills 6', 'arrival send-data 6', 'line call-send 6'],
  ],
  [
    'a window probe',
    `${SMALL_SERVER}client write 1500 bytes\nwait 1500ms`,
    sends('client', 'window-probe'),
    [
      'event window-probe 6',
      'timer persist-start 6',
      'decision window-updated 6',
      'arrival text-in-order 6',
      'arrival send-data 6',
      'line call-send 6',
    ].filter((link) => !link.startsWith('decision')),
  ],
  [
    'a fast retransmit',
    `${OPEN}drop next data\nclient write 9000 bytes\nwait 25ms`,
    sends('client', 'fast-retransmit'),
    [
      'event fast-retransmit 5',
      'decision duplicates-loss 5',
      'decision recovery-begins 5',
      'loss fault-drop 4',
      ...AFTER_LOSS,
    ],
  ],
  [
    'cwnd after a loss',
    `${OPEN}drop next data\nclient write 9000 bytes\nwait 21ms`,
    (event) => moves('client', 'cwnd')(event) && 'cause' in event && event.cause.rule === 'recovery-begins',
    ['event recovery-begins 5', 'decision duplicates-loss 5', ...AFTER_LOSS],
  ],
  [
    'a delayed ACK',
    `host client\nhost server { delayed-ack 100ms }\n${OPEN}client write 100 bytes\nwait 300ms`,
    sends('server', 'delayed-ack-timeout'),
    ['event delayed-ack-timeout -', 'timer delayed-ack-start 6', 'arrival send-data 6', 'line call-send 6'],
  ],
  [
    'the end of TIME-WAIT',
    `${OPEN}client close\nwait 30ms\nserver close\nrun`,
    enters('client', 'CLOSED'),
    ['event time-wait-timeout -', 'timer time-wait-start 6', 'arrival close-close-wait 6', 'line call-close 6'],
  ],
  [
    'data that waited for an ACK',
    `host client { iw 1 segments }\nhost server\n${OPEN}client write 2000 bytes\nwait 100ms`,
    sends('client', 'send-data'),
    [
      'event send-data 6',
      'decision ack-advances 6',
      'decision slow-start 6',
      'line - 6',
      'arrival text-in-order 6',
      'arrival send-data 6',
      'line call-send 6',
    ],
  ],
  [
    'an ACK that was lost',
    `${OPEN}drop next ACK from server\nclient write 100 bytes\nwait 1500ms`,
    sends('client', 'retransmission-timeout'),
    [
      'event retransmission-timeout -',
      'decision timeout-slow-start -',
      'loss fault-drop 4',
      'timer rto-start 5',
      'line call-send 5',
    ],
  ],
  [
    'a copy that the network made',
    'server listen\nduplicate next SYN\nclient connect',
    (event) => event.kind === 'segment-sent' && event.record.duplicate,
    ['loss fault-duplicate 2', 'event open-active 3', 'line call-open-active 3'],
  ],
  ['the call of a line', OPEN, is('call', 'client'), ['line call-open-active 2']],
  ['a change of the link', `${OPEN}link down`, ({ kind }) => kind === 'link-changed', ['line - 4']],
  [
    'a segment that the network lost',
    'server listen\ndrop next SYN\nclient connect',
    ({ kind }) => kind === 'segment-lost',
    ['loss fault-drop 2', 'line call-open-active 3'],
  ],
];

describe('chains of causes', () => {
  it.each(ROWS)('%s', (_what, script, event, links) => {
    expect(chain(script, event)).toEqual(links);
  });

  it('SACK recovery: each segment that is sent again says what was lost', () => {
    const hosts = 'host client { sack on, rack on }\nhost server { sack on }\n';
    const session = finished(`${hosts}${OPEN}drop next 2 data\nclient write 15000 bytes\nwait 200ms`);
    const resent = [];
    for (let index = 0; index < session.momentCount; index++) {
      for (const event of session.moment(index).events) {
        if (event.kind !== 'segment-sent' || !event.record.retransmission) continue;
        const links = chainOf(session.chainSource, event, index);
        resent.push(links.filter(({ kind }) => kind === 'loss' || kind === 'decision'));
      }
    }
    expect(resent.map((links) => links.map(({ rule }) => rule))).toEqual([
      ['rack-loss', 'rack-recovery-begins', 'fault-drop'],
      ['rack-loss', 'fault-drop'],
    ]);
    expect(resent[0]?.at(-1)?.what).toContain('seq 1)');
    expect(resent[1]?.at(-1)?.what).toContain('seq 1461');
  });

  it('a second timeout goes back through the first', () => {
    const script = 'drop every SYN\nclient connect\nwait 4s';
    const rules = chain(script, sends('client', 'syn-timeout'));
    expect(rules.filter((link) => link.startsWith('timer'))).toEqual(['timer rto-back-off -', 'timer rto-start 2']);
    expect(rules.at(-1)).toBe('line call-open-active 2');
  });

  it('says in words what happened, by which rule, and where', () => {
    const session = finished(`${OPEN}client close\nwait 30ms`);
    expect(chainOfLast(session, enters('client', 'FIN-WAIT-2')).map(becauseLine)).toEqual([
      'client goes from FIN-WAIT-1 to FIN-WAIT-2 at 50 ms: Our FIN is acknowledged: our direction is closed, and in FIN-WAIT-2 TCP waits for the remote side to close its own. (RFC 9293 3.10.7.4, fifth check)',
      'client at 50 ms: The ACK acknowledges something new: SND.UNA moves up, and what is acknowledged leaves the retransmission queue. (RFC 9293 3.10.7.4, fifth check)',
      'the segment ACK (ack 2) from server arrives at client at 50 ms (sent at 40 ms); it was sent because: A FIN occupies a sequence number: RCV.NXT moves over it, and an ACK for it goes back. (RFC 9293 3.10.7.4, eighth check)',
      'the segment FIN-ACK (seq 1) from client arrives at server at 40 ms (sent at 30 ms); it was sent because: CLOSE means "I have no more data to send": TCP enters FIN-WAIT-1 and sends a FIN after all the data that is queued. (RFC 9293 3.10.4)',
      'client calls CLOSE at 30 ms by line 4, `client close`: The application has no more to send: CLOSE. It may still receive. (RFC 9293 3.9.1.4)',
    ]);
  });

  it('names the moments, so that one can go there', () => {
    const session = finished(`${OPEN}client close\nwait 30ms`);
    for (const { moment, timeUs, kind } of chainOfLast(session, enters('client', 'FIN-WAIT-2'))) {
      if (moment === null) throw new Error('no moment');
      expect(session.moment(moment).timeUs, kind).toBe(timeUs);
      expect(session.moment(moment).events.length).toBeGreaterThan(0);
    }
  });

  it('stops where it is told to', () => {
    const { chainSource } = finished(`${OPEN}client write 100000 bytes\nwait 1s`);
    const { count } = chainSource.world.records;
    const whole = chainOfSegment(chainSource, count, 1_000);
    expect(whole.length).toBeGreaterThan(12);
    expect(whole.at(-1)?.kind).toBe('line');
    const short = chainOfSegment(chainSource, count, 5);
    expect(short.slice(0, 5)).toEqual(whole.slice(0, 5));
    expect(short.slice(5).map(({ kind, what }) => [kind, what])).toEqual([['more', '…']]);
    expect(chainOfSegment(chainSource, count, whole.length)).toEqual(whole);
  });
});

describe('chains of moments', () => {
  const indexOf = (session: Session, title: string): number => {
    for (let index = 0; index < session.momentCount; index++) {
      if (session.moment(index).title.includes(title)) return index;
    }
    throw new Error(`no moment ${title}`);
  };

  it('are those of the most telling event', () => {
    const session = finished(OPEN);
    const moment = indexOf(session, 'SYN-ACK arrives at client');
    expect(chainOfMoment(session, moment)[0]?.rule).toBe('syn-sent-established');
    const events = session.moment(moment).events.map((_, index) => chainOfEvent(session, moment, index)[0]?.rule);
    expect(events).toContain('initial-window');
    expect(chainOfEvent(session, moment, 99)).toEqual([]);
  });

  it('are empty where nothing happened, and the last that is not is known', () => {
    const session = finished(OPEN);
    const last = session.momentCount - 1;
    expect(chainOfMoment(session, last)).toEqual([]);
    const before = lastMomentWithEvents(session, last);
    expect(session.moment(before ?? -1).title).toContain('ACK arrives at server');
    expect(lastMomentWithEvents(session, 0)).toBeNull();
  });

  it('are the same after travelling', () => {
    const script = `${OPEN}client close\nwait 30ms`;
    const travelled = finished(script);
    const before = chainOfMoment(travelled, 9);
    expect(before.length).toBeGreaterThan(2);
    travelled.travel(3);
    travelled.stateAt(8);
    travelled.travel(0);
    expect(chainOfMoment(travelled, 9)).toEqual(before);
  });

  it('are the same where nobody keeps moments, but for the decisions', () => {
    const script = `${OPEN}client close\nwait 30ms\nexpect client is FIN-WAIT-2\n`;
    const [check] = finished(script, { keep: 'verdicts' }).checks().slice(-1);
    const whole = chainOfLast(finished(script), enters('client', 'FIN-WAIT-2'));
    const rules = (links: readonly Because[]) =>
      links.map(({ kind, rule, line, what }) => ({ kind, rule, line, what }));
    expect(rules(check?.because ?? [])).toEqual(rules(whole.filter(({ kind }) => kind !== 'decision')));
  });
});

describe('a segment that is thrown away without a word', () => {
  const FULL = `host server { backlog 1 }\nhost client\nhost attacker at 10.0.0.66\nserver listen\nattacker inject SYN spoof 203.0.113.9 to server\nclient connect\nwait 1500ms\n`;

  it('is behind the retransmission, and behind a state that is not reached', () => {
    const resent = chainOfLast(finished(FULL), sends('client', 'syn-timeout'));
    expect(resent.find(({ kind }) => kind === 'loss')).toMatchObject({ rule: 'backlog-full', rfc: 4987 });
    const [check] = finished(`${FULL}expect client is ESTABLISHED`).checks().slice(-1);
    expect(check?.because.map(({ rule }) => rule)).toEqual(['backlog-full', 'open-active', 'call-open-active']);
    expect(check?.why).toContain('SYN from client was thrown away by server: So many connections wait half-open');
    const [other] = finished(`${FULL}expect server:client is ESTABLISHED`).checks().slice(-1);
    expect(other?.because.slice(0, 2).map(({ kind, rule }) => `${kind} ${rule}`)).toEqual([
      'loss backlog-full',
      'arrival syn-timeout',
    ]);
    expect(other?.why).not.toContain('call');
  });

  it('is told in reports', () => {
    const { segments } = reportOf(finished(FULL));
    const fates = segments.filter(({ from }) => from === 'client').map(({ discarded }) => discarded?.rule ?? null);
    expect(fates).toEqual(['backlog-full', 'backlog-full']);
    expect(segments.find(({ from }) => from === 'attacker')?.discarded).toBeNull();
  });

  it('is not told of one that a cookie answers: RFC 4987 is the reason for the answer', () => {
    const cookies = FULL.replace('backlog 1', 'backlog 1, syn-cookies on');
    const chain = chainOfLast(
      finished(cookies),
      (event) => event.kind === 'state' && event.peer === 'client' && event.to === 'ESTABLISHED',
    );
    expect(chain.map(({ rule, rfc }) => `${rule} ${rfc}`)).toContain('syn-cookie 4987');
    expect(chain.filter(({ kind }) => kind === 'loss')).toEqual([]);
  });
});
