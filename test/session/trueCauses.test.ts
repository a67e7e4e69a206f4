import { describe, expect, it } from 'vitest';
import type { ScenarioReport } from '../../src/session/report';
import { finished, reportOf } from './support';

const OPEN = 'server listen\nclient connect\nwait until server is ESTABLISHED\n';
const LINUX = 'host client { profile linux }\nhost server { profile linux }\n';

function reportFor(script: string): ScenarioReport {
  return reportOf(finished(script));
}

/** Changes of one variable: `cwnd 14480 9480 rule`. */
function windowsOf({ windows }: ScenarioReport, host: string, variable: string): string[] {
  return windows
    .filter((row) => row.host === host && row.variable === variable)
    .map(({ from, to, cause }) => `${from} ${to} ${cause.rule}`);
}

describe('the report of a run', () => {
  it('has the chain of every change of a window, down to the line', () => {
    const { windows } = reportFor(`${OPEN}client write 15000 bytes\nwait 100ms`);
    expect(windows.length).toBeGreaterThan(4);
    for (const { because, cause } of windows) expect(because[0]?.rule).toBe(cause.rule);
    const grown = windows.find(({ cause }) => cause.rule === 'slow-start');
    expect(grown?.because.map(({ rule }) => rule)).toContain('send-data');
  });

  it('has the chain of every ICMP message: the segment that it is about, or the line that forged it', () => {
    const narrow = reportFor(`${LINUX}link { mtu 1000 }\n${OPEN}client write 3000 bytes\nwait 100ms`);
    expect(narrow.icmp[0]?.because.map(({ rule }) => rule)).toEqual(['router-icmp', 'link-mtu', 'call-send']);
    const forged = reportFor(
      `host client\nhost server\nhost x\n${OPEN}client write 10 bytes\nx inject ICMP host-unreachable to client\nwait 50ms`,
    );
    expect(forged.icmp[0]?.because.at(-1)?.text).toMatch(/^line 8, `x inject ICMP/);
  });
});

describe('an ACK that the limit holds back (RFC 5961 section 7)', () => {
  const SPOOFED: readonly (readonly [segment: string, answered: string, held: string])[] = [
    ['RST seq +2', 'reset-challenge-ack', 'reset-unanswered'],
    ['SYN seq +7', 'syn-challenge-ack', 'syn-unanswered'],
    ['ACK seq +1 ack +99999', 'ack-not-yet-sent', 'ack-not-yet-sent-unanswered'],
    ['ACK seq -100000 ack +1', 'unacceptable-ack', 'unacceptable-unanswered'],
  ];

  it.each(SPOOFED)('is not told as sent: %s', (segment, answered, held) => {
    const spoof = `x inject ${segment} spoof client to server\n`;
    const session = finished(
      `host client\nhost server { challenge-ack-limit 500ms }\nhost x\n${OPEN}${spoof}wait 50ms\n${spoof}wait 20ms\nexpect server sent ACK 2 times`,
    );
    const { segments, hosts } = reportOf(session);
    const dropped = segments.flatMap(({ discarded }) => (discarded === null ? [] : [discarded]));
    expect(dropped.map(({ rule }) => rule)).toEqual([answered, held]);
    expect(dropped[1]?.text).toContain('the limit of such ACKs is reached');
    expect(hosts.server?.waiting.map(({ rule }) => rule)).toContain('wait-challenge-limit');
    const waiting = session.checks().at(-1)?.waiting ?? [];
    expect(waiting.map(({ rule }) => rule)).toContain('wait-challenge-limit');
  });
});

describe('a window that changes with no loss', () => {
  it('counts as many segments of another size', () => {
    const report = reportFor(`${LINUX}link { mtu 1000 }\n${OPEN}client write 5000 bytes\nwait 1s`);
    expect(windowsOf(report, 'client', 'cwnd').slice(0, 2)).toEqual([
      'null 14480 initial-window',
      '14480 9480 window-keeps-segments',
    ]);
    expect(report.segments.some(({ cause }) => cause.rule === 'resend-narrowed')).toBe(true);
    expect(report.segments.some(({ cause }) => cause.rule === 'resend-after-timeout')).toBe(false);
    const rules = report.windows.map(({ cause }) => cause.rule);
    expect(rules).not.toContain('timeout-slow-start');
    expect(rules).not.toContain('timeout-recovered');
  });

  it('begins anew with the connection that takes the place of one in TIME-WAIT', () => {
    const report = reportFor(
      `${LINUX}on server is CLOSE-WAIT { server:client close }\n${OPEN}wait 15ms\nserver:client close\non client is CLOSE-WAIT { client close }\nwait until server:client is TIME-WAIT\nwait 2s\nclient connect\nwait 1s\nexpect client is ESTABLISHED`,
    );
    expect(report.checks.every(({ ok }) => ok)).toBe(true);
    expect(windowsOf(report, 'server', 'cwnd')).toContain('14480 null time-wait-reopen');
    expect(report.windows.map(({ cause }) => cause.rule)).not.toContain('reduction-undone');
  });

  it('is told by the SYN at first, and by the ACK that ends the handshake', () => {
    const report = reportFor(`${LINUX}${OPEN}wait 1ms`);
    expect(windowsOf(report, 'server', 'SND.WND')).toEqual([
      '0 64240 send-window-first',
      '64240 64512 send-window-handshake',
    ]);
  });

  it('begins on a connection that a cookie opens', () => {
    const report = reportFor(
      'host client\nhost server { backlog 1, syn-cookies on }\nhost x\nserver listen\nx inject SYN spoof 203.0.113.9 to server\nwait 5ms\nclient connect\nwait until server:client is ESTABLISHED',
    );
    const ofClient = report.windows.filter(({ host, peer }) => host === 'server' && peer === 'client');
    expect(ofClient.map(({ variable, cause }) => `${variable} ${cause.rule}`)).toEqual([
      'SND.WND send-window-handshake',
      'cwnd initial-window',
    ]);
  });
});

describe('an ACK of two full segments', () => {
  it.each([
    ['with timestamps', 'host client { profile freebsd }\nhost server { profile freebsd }\n'],
    ['where memory is counted', LINUX],
  ])('is no update of the window, %s', (_what, hosts) => {
    const { segments } = reportFor(
      `${hosts}${OPEN}wait 5ms\nclient write 100 bytes\nwait 300ms\nclient write 200000 bytes\nwait 300ms`,
    );
    const acks = segments.filter(({ from, len, timeUs }) => from === 'server' && len === 0 && timeUs > 300_000);
    expect(acks.map(({ cause }) => cause.rule)).toContain('ack-second-segment');
    expect(acks.map(({ cause }) => cause.rule)).not.toContain('window-update');
  });

  it('is one where the application reads later', () => {
    const { segments } = reportFor(
      `host client\nhost server { read off, window 4000 bytes }\n${OPEN}client write 4000 bytes\nwait 100ms\nserver read 4000 bytes\nwait 50ms`,
    );
    expect(segments.map(({ cause }) => cause.rule)).toContain('window-update');
  });
});

describe('timers', () => {
  it('SYNs at even steps are not told as backed off', () => {
    const report = reportFor(`${LINUX}link down\nclient connect\nrun`);
    const syns = report.segments
      .slice(1)
      .map(({ timeUs, because }) => [timeUs, because[1]?.text ?? '', because[2]?.text ?? '']);
    expect(syns.length).toBeGreaterThan(4);
    const steps = syns.map(([, ...texts]) => texts.join(' ').includes('even steps'));
    expect(steps.slice(0, 6)).toEqual([false, true, true, true, true, false]);
  });

  it('the end of the time for an OPEN speaks of no user timeout', () => {
    const { states } = reportFor('host client { profile freebsd }\nhost server\nlink down\nclient connect\nrun');
    expect(states.at(-1)).toMatchObject({ to: 'CLOSED', timeUs: 75_000_000, cause: { rule: 'open-timeout' } });
  });

  it('a keep-alive names what was heard last', () => {
    const session = finished(
      `host client { keepalive idle 10s interval 2s count 3 }\nhost server\n${OPEN}wait 1s\nclient write 100 bytes\nwait 15s\nexpect client.segments.sent == 1`,
    );
    const probe = reportOf(session).segments.find(({ cause }) => cause.rule === 'keep-alive-timeout');
    const texts = probe?.because.map(({ text }) => text) ?? [];
    expect(probe?.timeUs).toBe(11_050_000);
    expect(texts[1]).toMatch(/^the keep-alive timer of client, started at 1\.05 s, expires at 11\.05 s/);
    expect(texts[2]).toMatch(/^the segment ACK \(ack \d+\) from server arrives at client at 1\.05 s/);
    expect(texts.at(-1)).toContain('client write 100 bytes');
  });
});

describe('loss recovery', () => {
  it('names RACK where RACK has found the loss', () => {
    const { segments } = reportFor(
      `host client { sack on, rack on }\nhost server { sack on }\n${OPEN}drop next 2 data\nclient write 15000 bytes\nwait 200ms`,
    );
    const resent = segments.filter(({ retransmission }) => retransmission);
    expect(resent.map(({ cause }) => cause.rule)).toEqual(['rack-retransmit', 'rack-resend']);
  });

  it('names F-RTO where no timestamp has told of the false alarm', () => {
    const report = reportFor(
      `host client { f-rto on, undo on }\nhost server\n${OPEN}wait 15ms\nclient write 5000 bytes\nwait 1s\nset link delay 700ms\nclient write 14600 bytes\nclient write 5000 bytes\nrun`,
    );
    const undone = report.windows.filter(({ cause }) => cause.rule === 'frto-undone');
    expect(undone.length).toBeGreaterThan(0);
    expect(undone[0]?.cause.rfc).toBe(5682);
    expect(report.windows.map(({ cause }) => cause.rule)).not.toContain('reduction-undone');
  });
});

describe('a run that ends at its bound of events', () => {
  const FORGED = 'x inject 10 bytes seq +1 ack +1 spoof client to server\n';

  it('tells of two hosts that answer each other for ever, and how that ends', () => {
    const hosts = 'host client\nhost server\nhost x\n';
    const endless = finished(`${hosts}${OPEN}${FORGED}run`, { limits: { maxEvents: 5_000 } });
    expect(endless.outcome()).toBe('limit');
    expect(endless.limitMessage()).toMatch(
      /The last 1000 segments are ACKs by which (client and server|server and client) answer/,
    );
    expect(endless.limitMessage()).toContain('`challenge-ack-limit 500ms`');
    const limited = hosts.replace('host server', 'host server { challenge-ack-limit 500ms }');
    expect(finished(`${limited}${OPEN}${FORGED}run`, { limits: { maxEvents: 5_000 } }).outcome()).toBe('passed');
  });

  it('says nothing of that where data goes', () => {
    const busy = finished(`${OPEN}client write 10000000 bytes\nrun`, { limits: { maxEvents: 5_000 } });
    expect(busy.outcome()).toBe('limit');
    expect(busy.limitMessage()).not.toContain('answer each other');
  });
});
