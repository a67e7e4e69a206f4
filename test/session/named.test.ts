import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../src/engine/events';
import { projectMoment, projectRun } from '../../src/protocol/project';
import type { Session } from '../../src/session/session';
import { finished, reportOf } from './support';

const OPEN = 'server listen\nclient connect\nwait until server is ESTABLISHED\n';

function eventsOf(session: Session): EngineEvent[] {
  return Array.from({ length: session.momentCount }, (_, index) => session.moment(index).events).flat();
}

/** The rules of the check's chain. */
function rulesOf(session: Session): (string | null)[] {
  return (session.checks().at(-1)?.because ?? []).map(({ rule }) => rule);
}

describe('the user timeout', () => {
  const LOST = `host client { user-timeout 3s }\nhost server\n${OPEN}drop next 9 data\nclient write 10 bytes\nwait 10s\n`;

  it('is the reason for CLOSED, and nothing is sent again at the instant of the abort', () => {
    const session = finished(`${LOST}expect client is ESTABLISHED`);
    expect(rulesOf(session)).toEqual(['user-timeout', 'fault-drop', 'user-timer-start', 'call-send']);
    const times = reportOf(session)
      .segments.filter(({ len }) => len > 0)
      .map(({ timeUs }) => timeUs);
    expect(times).toEqual([30_000, 1_030_000]);
    expect(reportOf(session).timers.map(({ timer, timeUs }) => `${timer} ${timeUs}`)).toEqual([
      'retransmission 1030000',
      'user 3030000',
    ]);
  });

  it('is the reason why the other side has received nothing', () => {
    expect(rulesOf(finished(`${LOST}expect server received 10 bytes`))).toEqual([
      'user-timeout',
      'fault-drop',
      'user-timer-start',
      'call-send',
    ]);
  });
});

describe('a retransmission timer that expires', () => {
  it('names the loss behind it, also early in a long run', () => {
    const script = `${OPEN}drop next data\nclient write 100 bytes\nwait 2s\nclient write 4000000 bytes\nrun`;
    const [timer] = reportOf(finished(script)).timers;
    expect(timer?.because.map(({ rule }) => rule)).toEqual([
      'retransmission-timeout',
      'fault-drop',
      'rto-start',
      'call-send',
    ]);
  });
});

describe('timers are named for what they do', () => {
  it('the bound of FIN-WAIT-2 is no TIME-WAIT', () => {
    const linux = `host client { profile linux }\nhost server { profile linux }\n${OPEN}client close\n`;
    const session = finished(`${linux}wait 70s\nexpect client is FIN-WAIT-2`);
    expect(rulesOf(session).slice(0, 2)).toEqual(['fin-wait-2-over', 'fin-wait-2-bound']);
    const [check] = session.checks().slice(-1);
    expect(check?.because[1]?.what).toMatch(/^the FIN-WAIT-2 timer of client, started at 53 ms, expires at 60\.053 s$/);
    expect(check?.why).not.toContain('2 MSL');
    const { marks } = projectRun(session);
    expect(marks.map(({ text }) => text)).toContain('FIN-WAIT-2 timer of client expires');
    session.travel(session.momentCount - 5);
    expect(projectMoment(session).timers.map(({ timer }) => timer)).toContain('FIN-WAIT-2');
  });

  it('a keep-alive timer that finds something heard has no row of its own', () => {
    const script = `host client { keepalive 1s }\nhost server\n${OPEN}wait 500ms\nserver write 5 bytes\nwait 3s\nclient abort`;
    const session = finished(script);
    const expired = eventsOf(session).flatMap((event) =>
      event.kind === 'timer-expired' && event.timer === 'keep-alive' ? [`${event.cause.rule} ${event.timeUs}`] : [],
    );
    expect(expired.slice(0, 2)).toEqual(['keep-alive-heard 1020000', 'keep-alive-timeout 1540000']);
    const rows = projectRun(session).marks.filter(({ kind }) => kind === 'timer');
    expect(rows.map(({ timeUs }) => timeUs)[0]).toBe(1_540_000);
  });
});

describe('error reports that are switched off', () => {
  const TROUBLE = 'server inject ICMP host-unreachable\nwait 20ms\n';
  const signals = (session: Session): string[] =>
    eventsOf(session).flatMap((event) => (event.kind === 'signal' ? [event.signal] : []));

  it.each([
    ['on', ['host unreachable'], 'icmp-told'],
    ['off', [], 'report-withheld'],
  ])('%s: of ICMP too', (value, told, rule) => {
    const session = finished(
      `${OPEN}client set error-reports ${value}\nhold client -> server\nclient write 10 bytes\n${TROUBLE}`,
    );
    expect(signals(session)).toEqual(told);
    const rules = eventsOf(session).flatMap((event) => ('cause' in event ? [event.cause.rule] : []));
    expect(rules).toContain('icmp-soft-kept');
    expect(rules).toContain(rule);
  });

  it('leaves what ends a connection to be told', () => {
    const session = finished(
      'hold client -> server\nclient connect\nclient set error-reports off\nserver inject ICMP port-unreachable about SYN\nwait 20ms',
    );
    expect(signals(session)).toEqual(['port unreachable']);
  });
});

describe('numbers of a segment of a former connection', () => {
  it('are told as they are on the wire, and not as negative ones', () => {
    const script = `host client { isn 1000 }\nhost server { isn 5000 }\nhost attacker at 10.0.0.9\n${OPEN}attacker inject ACK seq 100 ack 50 spoof client to server\nwait 50ms`;
    const session = finished(script);
    const forged = reportOf(session).segments.find(({ fate }) => fate === 'injected');
    expect(forged).toMatchObject({ seq: 100, seqRaw: 100, ack: 50, ackRaw: 50 });
    const view = projectRun(session).segments.find(({ injected }) => injected);
    expect(view).toMatchObject({ seq: 100, ack: 50, absolute: ['seq', 'ack'] });
    expect(projectRun(session).segments[0]).toMatchObject({ seq: 0, absolute: [] });
    for (const { seq, ack } of reportOf(session).segments) expect(Math.min(seq, ack ?? 0)).toBeGreaterThanOrEqual(0);
  });
});
