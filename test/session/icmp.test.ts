import { describe, expect, it } from 'vitest';
import { finished, remarks, reportOf } from './support';

const OPEN = 'server listen\nclient connect\nwait until client is ESTABLISHED\n';

/** The run of a script in which every check holds, as its report. */
function passed(text: string) {
  const session = finished(text);
  expect(remarks(session)).toEqual([]);
  return reportOf(session);
}

const sizes = (report: ReturnType<typeof passed>, from = 'client') =>
  report.segments
    .filter((segment) => segment.from === from && segment.len > 0)
    .map(({ len, fate }) => `${len} ${fate}`);

describe('path MTU discovery', () => {
  it('lowers the MSS, cuts what was too large anew, and leaves cwnd as it is', () => {
    const report = passed(
      `link { mtu 1400 }\n${OPEN}client write 4380 bytes\nexpect client.SND.MSS == 1360 bytes\n` +
        'expect client.cwnd == 14600 bytes\nwait until server received 4380 bytes within 30ms\n' +
        'expect client.retransmissions == 4',
    );
    expect(sizes(report)).toEqual([
      ...['1460 lost', '1460 lost', '1460 lost'],
      ...['1360 delivered', '1360 delivered', '1360 delivered', '300 delivered'],
    ]);
    expect(report.icmp[0]).toMatchObject({
      timeUs: 25_000,
      arriveUs: 30_000,
      from: null,
      to: 'client',
      kind: 'fragmentation-needed',
      mtu: 1400,
      quoted: { segment: 2, seqRaw: report.segments[2]?.seqRaw, len: 1460 },
      fate: 'delivered',
      line: 5,
      cause: { rule: 'router-icmp', rfc: 1191 },
    });
    expect(report.icmp).toHaveLength(3);
  });

  it('works on the way back, with IPv6, with timestamps and SACK, and with a FIN behind the data', () => {
    const report = passed(
      'host client at [2001:db8::1] { timestamps on, sack on }\nhost server at [2001:db8::2] { timestamps on, sack on }\n' +
        `link server -> client { mtu 1300 }\n${OPEN}wait 50ms\nserver write 5000 bytes\nserver close\nclient close\nrun\n` +
        'expect client received 5000 bytes\nexpect server.PMTU == 1300\nexpect client is TIME-WAIT or client is CLOSED',
    );
    expect(sizes(report, 'server')).toContain('1228 delivered');
    expect(report.segments[0]?.options).toMatchObject({ mss: 1440 });
  });

  it('keeps as many segments in a window that counts them', () => {
    passed(
      'host client { profile linux }\nhost server { profile linux }\nlink { mtu 1400 }\n' +
        `${OPEN}client write 20000 bytes\nexpect client.SND.MSS == 1348 bytes\nexpect client.cwnd == 13480 bytes\n` +
        'wait until server received 20000 bytes within 60ms',
    );
  });

  it('is no sign of congestion, though duplicate ACKs come of it', () => {
    const report = passed(
      `link { mtu 1400 }\n${OPEN}client write 1000 bytes\nclient write 1460 bytes\nclient write 1000 bytes\n` +
        'client write 1000 bytes\nclient write 1000 bytes\nclient write 1000 bytes\n' +
        'wait until server received 6460 bytes within 100ms\nexpect client.cwnd >= 14600 bytes',
    );
    expect(report.icmp).toHaveLength(1);
  });

  it('ends in a black hole when the routers say nothing', () => {
    const report = passed(
      `host client { retries 2 }\nhost server\nlink { mtu 1400, icmp off }\n${OPEN}wait 20ms\nclient write 1460 bytes\nrun\n` +
        'expect client error timeout and client is CLOSED\nexpect server received 0 bytes',
    );
    expect(report.icmp).toEqual([]);
  });

  it('tries larger segments again after ten minutes', () => {
    passed(
      `link { mtu 1400 }\n${OPEN}client write 1460 bytes\nexpect client.PMTU == 1400\nset link mtu 1500\nwait 10min\n` +
        'client write 1460 bytes\nwait 30ms\nexpect client.PMTU == 1500\nexpect server received 2920 bytes\n' +
        'expect client sent 1460 bytes 2 times',
    );
  });

  it('takes the interface of the host itself into account', () => {
    passed(
      `host client { mtu 1000 }\nhost server\n${OPEN}expect client.RCV.MSS == 960 bytes\nexpect server.SND.MSS == 960 bytes\n` +
        'client write 2000 bytes\nwait until server received 2000 bytes\nexpect client sent 960 bytes 2 times',
    );
  });
});

describe('what an ICMP message about the MTU can not do', () => {
  const inject = (order: string) =>
    `${OPEN}wait 50ms\nclient write 500 bytes\nserver inject ICMP fragmentation-needed ${order}\n`;
  it.each([
    ['raise it', 'mtu 9000', 1500],
    ['be about a segment that is not on its way', 'mtu 576 about SYN', 1500],
    ['be about a number at a guess', 'mtu 576 about seq 9', 1500],
    ['be about a number just beyond what was sent', 'mtu 576 about seq +501', 1500],
    ['go below 68', 'mtu 10', 68],
    ['leave the host without a guess', '', 508],
    ['be ignored when it is right', 'mtu 576', 576],
  ])('%s', (_, order, pmtu) => {
    passed(`${inject(order)}expect client.PMTU == ${pmtu}`);
  });

  it('go below 1280 with IPv6, or 552 on Linux', () => {
    const v6 = 'host client at [2001:db8::1]\nhost server at [2001:db8::2]\n';
    passed(`${v6}${inject('mtu 1000')}expect client.PMTU == 1500`);
    passed(`${v6}${inject('mtu 1280')}expect client.PMTU == 1280`);
    passed(`host client { profile linux }\nhost server\n${inject('mtu 100')}expect client.PMTU == 552`);
  });
});

describe('ICMP errors', () => {
  const SOFT = ['network-unreachable', 'host-unreachable', 'source-route-failed', 'time-exceeded', 'parameter-problem'];
  const HARD = ['protocol-unreachable', 'port-unreachable'];

  it.each([...SOFT, ...HARD])('%s is told of an open connection, which goes on', (kind) => {
    const report = passed(
      `${OPEN}drop next data\nclient write 10 bytes\nserver inject ICMP ${kind}\nexpect client error ${kind}\n` +
        'expect client is ESTABLISHED\nwait until server received 10 bytes',
    );
    expect(report.icmp[0]).toMatchObject({ kind, fate: 'injected', from: 'server', line: 6 });
  });

  it.each(SOFT)('%s does not end an attempt to connect, except where the profile says so', (kind) => {
    passed(`client connect\nserver inject ICMP ${kind}\nexpect client is SYN-SENT and client error ${kind}`);
    passed(
      `host client { profile linux }\nhost server\nclient connect\nserver inject ICMP ${kind}\n` +
        `expect client is CLOSED and client error ${kind}`,
    );
  });

  it.each(HARD)('%s ends an attempt to connect, unless the host is told otherwise', (kind) => {
    const after = `client connect\nserver inject ICMP ${kind}\n`;
    passed(`${after}expect client is CLOSED and client error ${kind}`);
    passed(`host client { icmp-hard-errors never }\nhost server\n${after}expect client is SYN-SENT`);
  });

  it('a hard one ends an open connection where the host says always', () => {
    passed(
      `host client { icmp-hard-errors always }\nhost server\n${OPEN}client write 10 bytes\n` +
        'server inject ICMP port-unreachable\nexpect client is CLOSED and client error port-unreachable',
    );
  });

  it('a listening side returns to LISTEN', () => {
    passed(
      'server listen\nclient send SYN\ndrop next\nserver send SYN-ACK\nclient inject ICMP port-unreachable\nexpect server is LISTEN',
    );
  });

  it('are why a connection timed out, unless something was acknowledged since', () => {
    const lost = 'link down\nclient write 10 bytes\n';
    const host = 'host client { retries 1 }\nhost server\n';
    const told = `${host}${OPEN}wait 50ms\n${lost}link up\nserver inject ICMP host-unreachable\nlink client -> server down\nrun\n`;
    const report = passed(`${told}expect client is CLOSED and not client error timeout`);
    expect(report.states.at(-1)).toMatchObject({ host: 'client', to: 'CLOSED', cause: { rule: 'give-up' } });
    passed(
      `${host}${OPEN}drop next data\nclient write 10 bytes\nserver inject ICMP host-unreachable\n` +
        'wait until server received 10 bytes\nwait 50ms\nlink down\nclient write 10 bytes\nrun\nexpect client error timeout',
    );
  });

  it('source quench means nothing', () => {
    const report = passed(
      `${OPEN}client write 10 bytes\nserver inject ICMP source-quench\nwait 50ms\nexpect not client error any\n` +
        'expect client.cwnd >= 14600 bytes',
    );
    expect(report.icmp[0]?.fate).toBe('injected');
  });

  it('a router tells of a link that is down where it is asked to', () => {
    passed(
      `link { icmp all }\n${OPEN}wait 50ms\nlink down for 500ms\nclient write 10 bytes\nexpect client error host-unreachable\n` +
        'wait until server received 10 bytes within 2s',
    );
    passed(`${OPEN}wait 50ms\nlink down for 500ms\nclient write 10 bytes\nexpect not client error any`);
  });
});

describe('orders to the network about ICMP', () => {
  it('loses or delays messages of a kind', () => {
    const report = passed(
      `link { mtu 1400 }\n${OPEN}drop next ICMP\nclient write 1460 bytes\nexpect client.PMTU == 1500\n` +
        'delay next ICMP fragmentation-needed by 30ms\nwait until client.PMTU == 1400 within 2s',
    );
    expect(report.icmp.map(({ fate }) => fate)).toEqual(['dropped', 'delivered']);
    const [, late] = report.icmp;
    expect((late?.arriveUs ?? 0) - (late?.timeUs ?? 0)).toBe(35_000);
  });

  it('says what no message met, and what can not be done to one', () => {
    expect(remarks(finished(`${OPEN}drop next ICMP`))).toEqual(['4 fault-never-met']);
  });

  it('says what is missing when a message can not be forged', () => {
    const why = (text: string) => reportOf(finished(text)).checks.find(({ ok }) => !ok)?.why;
    expect(why('server inject ICMP host-unreachable')).toContain('client has no connection');
    expect(why(`${OPEN}server inject ICMP host-unreachable about FIN`)).toBe('client has sent no such segment.');
    expect(why('host client at [2001:db8::1]\nhost server\nclient connect\nserver inject ICMP source-quench')).toBe(
      'ICMPv6 has no message "source-quench".',
    );
  });
});

it('moments of ICMP are stops of the debugger', () => {
  const session = finished(`link { mtu 1400 }\n${OPEN}client write 1460 bytes\nwait 50ms`);
  const kinds = Array.from({ length: session.momentCount }, (_, index) => session.moment(index));
  expect(
    kinds.filter(({ kind }) => kind.startsWith('icmp')).map(({ title, timeUs, host }) => [title, timeUs, host]),
  ).toEqual([
    ['a router sends ICMP: fragmentation needed, MTU 1400', 25_000, null],
    ['ICMP: fragmentation needed, MTU 1400 arrives at client', 30_000, 'client'],
  ]);
});

describe('an ICMP message is a datagram', () => {
  const FORGED = `${OPEN}wait 100ms\nclient write 100 bytes\nserver inject ICMP host-unreachable\nwait 1s\n`;
  const icmpOf = (text: string) => reportOf(finished(text)).icmp;

  it('takes its time on a link with a rate', () => {
    const [plain] = icmpOf(FORGED);
    const [slow] = icmpOf(FORGED.replace('wait 100ms', 'wait 100ms\nset link server -> client rate 16kbps'));
    // 20 of IP, 8 of ICMP, and the 140 octets of the segment that it quotes: 84 ms with 16 kbit/s.
    expect((plain?.arriveUs ?? 0) - (plain?.timeUs ?? 0)).toBe(10_000);
    expect((slow?.arriveUs ?? 0) - (slow?.timeUs ?? 0)).toBe(10_000 + 84_000);
  });

  it('of a router too, without the queue at the beginning of the link', () => {
    const text = `link client -> server { mtu 1400 }\nlink server -> client { rate 64kbps }\n${OPEN}client write 1460 bytes\nwait 1s\n`;
    const [message] = icmpOf(text);
    // 576 octets at 64 kbit/s, and half of the delay.
    expect((message?.arriveUs ?? 0) - (message?.timeUs ?? 0)).toBe(72_000 + 5_000);
  });

  it('is lost as the loss rate says, or when the link is down, or when it is damaged', () => {
    const lost = (change: string) =>
      icmpOf(FORGED.replace('wait 100ms', `wait 100ms\nset link server -> client ${change}`)).map(
        ({ fate, arriveUs }) => [fate, arriveUs],
      );
    expect(lost('loss 100%')).toEqual([['lost', null]]);
    expect(lost('corrupt 100%')).toEqual([['lost', null]]);
    const down = FORGED.replace('wait 100ms', 'wait 100ms\nlink server -> client down');
    expect(icmpOf(down).map(({ fate }) => fate)).toEqual(['lost']);
  });

  it('a router tells in vain where the way back loses everything, and the path is a black hole', () => {
    const report = reportOf(
      finished(
        `link client -> server { mtu 1400 }\n${OPEN}set link server -> client loss 100%\nclient write 1460 bytes\nwait 5s\n`,
      ),
    );
    expect(report.icmp.length).toBeGreaterThan(1);
    expect(new Set(report.icmp.map(({ fate }) => fate))).toEqual(new Set(['lost']));
    expect(report.hosts.client?.tcb.PMTU).toBe(1500);
  });

  it('is held with the segments, whether it enters the link later or is on its way, and goes on with them', () => {
    const before = `${OPEN}wait 100ms\nclient write 100 bytes\nhold server -> client\nserver inject ICMP host-unreachable\n`;
    const onItsWay = `${OPEN}wait 100ms\nclient write 100 bytes\nserver inject ICMP host-unreachable\nwait 5ms\nhold server -> client\n`;
    for (const text of [before, onItsWay]) {
      expect(icmpOf(`${text}wait 500ms\n`).map(({ fate }) => fate)).toEqual(['held']);
      const report = passed(
        `${text}wait 500ms\nexpect now not client error any\nrelease\nexpect client error host-unreachable\n`,
      );
      expect(report.icmp[0]).toMatchObject({ fate: 'injected' });
      expect(report.icmp[0]?.arriveUs).toBeGreaterThan(500_000);
    }
  });

  it('a stretch that is looked at again shows the same', () => {
    const text = `${OPEN}wait 100ms\nclient write 100 bytes\nhold server -> client\nserver inject ICMP host-unreachable\nwait 500ms\nrelease\nwait 1s\n`;
    const session = finished(text);
    const told = finished(text, { keep: 'moments' });
    const titles = (one: typeof session) =>
      Array.from({ length: one.momentCount }, (_, index) => one.moment(index).title);
    expect(titles(session)).toEqual(titles(told));
    expect(titles(told).some((title) => title.startsWith('ICMP: host unreachable arrives'))).toBe(true);
  });
});
