import { describe, expect, it } from 'vitest';
import { compileScript, formatScript } from '../../src/script';
import { scenarioOf } from './support';

const brief = (text: string) => scenarioOf(text).hosts.map(({ name, address, port }) => `${name} ${address}:${port}`);

describe('hosts', () => {
  it('has client and server when nothing declares them', () => {
    expect(brief('server listen')).toEqual(['client 10.0.0.1:49152', 'server 10.0.0.2:80']);
  });

  it('adds them to declared hosts only when they are mentioned', () => {
    expect(brief('host alice\nhost bob\nbob listen\nalice write "client"')).toEqual([
      'alice 10.0.0.1:49152',
      'bob 10.0.0.2:49152',
    ]);
    expect(brief('host attacker at 10.0.0.9\nserver listen\non client is CLOSED { client close }')).toEqual([
      'client 10.0.0.1:49152',
      'server 10.0.0.2:80',
      'attacker 10.0.0.9:49152',
    ]);
  });

  it('fills in addresses that nobody has, of the version that the others have', () => {
    expect(brief('host server at 10.0.0.1:80\nclient connect')).toEqual([
      'client 10.0.0.2:49152',
      'server 10.0.0.1:80',
    ]);
    expect(brief('host client at [2001:DB8:0::1]:5000\nclient connect\nserver listen')).toEqual([
      'client 2001:db8::1:5000',
      'server 2001:db8::2:80',
    ]);
    expect(brief('host a at ::1\nhost b at ::2\na listen')).toEqual(['a ::1:49152', 'b ::2:49152']);
  });

  it('reads options on one line, on several, and with commas or semicolons', () => {
    const text = `host client { isn 4294967295, mss 536; window 4KiB
      sndbuf 10 KiB   # comment
      msl 1s, rto-min 200ms
      rto-initial 3s, rto-max 30s
      syn-retries 2, retries 3, user-timeout 20s
      nagle on, delayed-ack 40ms, read off, profile rfc,
    }
    host server { user-timeout off, delayed-ack off }
    client connect`;
    expect(scenarioOf(text).hosts[0]).toMatchObject({
      name: 'client',
      address: '10.0.0.1',
      port: 49152,
      isn: 4294967295,
      mssBytes: 536,
      rcvbufBytes: 4096,
      sndbufBytes: 10240,
      mslUs: 1_000_000,
      rtoMinUs: 200_000,
      rtoInitialUs: 3_000_000,
      rtoMaxUs: 30_000_000,
      synRetries: 2,
      retries: 3,
      userTimeoutUs: 20_000_000,
      nagle: true,
      delayedAckUs: 40_000,
      autoRead: false,
    });
    expect(scenarioOf(text).hosts[1]).toMatchObject({ userTimeoutUs: null, delayedAckUs: null });
  });

  it('takes any letters for names', () => {
    expect(scenarioOf('host 클라이언트\nhost web-server_1\n클라이언트 connect to web-server_1').body[0]).toMatchObject({
      host: '클라이언트',
      call: { remoteHost: 'web-server_1' },
    });
  });

  it('counts msl in that of the first host', () => {
    expect(scenarioOf('host client { msl 5s }\nhost server\nwait 2msl').body[0]).toMatchObject({
      durationUs: 10_000_000,
    });
  });

  it('remembers where hosts were declared', () => {
    const { hostSpans } = scenarioOf('host server\nclient connect');
    expect([...hostSpans]).toEqual([['server', { line: 1, column: 6, endLine: 1, endColumn: 12 }]]);
  });
});

describe('links', () => {
  it('reads every option', () => {
    const text =
      'link { delay 20ms, jitter 1ms, rate 10Mbps, loss 1%, duplicate 2%\nreorder 3%, corrupt 0.5%, queue 5 segments, mtu 1500, seed 7 }\nserver listen';
    const { defaultLink, seed, links } = scenarioOf(text);
    expect(defaultLink).toEqual({
      delayUs: 20_000,
      jitterUs: 1_000,
      rateBps: 10_000_000,
      loss: 0.01,
      duplicate: 0.02,
      reorder: 0.03,
      corrupt: 0.005,
      queueSegments: 5,
      mtuBytes: 1500,
      icmp: 'on',
      up: true,
    });
    expect([seed, links]).toEqual([7, []]);
  });

  it('changes single directions on top of the default, wherever they stand', () => {
    const { links } = scenarioOf('link client -> server { loss 1% }\nlink { delay 5ms }\nserver listen');
    expect(links).toMatchObject([{ from: 'client', to: 'server', config: { delayUs: 5_000, loss: 0.01 } }]);
  });

  it('lets the caller choose the seed', () => {
    expect(compileScript('link { seed 7 }\nserver listen', { seed: 3 }).program.scenarios[0]?.seed).toBe(3);
  });
});

describe('scenarios', () => {
  it('divides a file, and shares the declarations before the first', () => {
    const { program, diagnostics } = compileScript(
      'host server at 10.1.1.1:8080\nlink { delay 1ms }\nscenario "one"\nserver listen\nscenario "two \\"x\\""\nhost client { isn 7 }\nclient connect\nserver listen',
    );
    expect(diagnostics).toEqual([]);
    expect(
      program.scenarios.map(({ title, span, hosts, body, defaultLink }) => [
        title,
        span.line,
        hosts.map(({ name }) => name),
        body.length,
        defaultLink.delayUs,
      ]),
    ).toEqual([
      ['one', 3, ['server'], 1, 1_000],
      ['two "x"', 5, ['server', 'client'], 2, 1_000],
    ]);
  });

  it('makes what runs before the first scenario a scenario without a title', () => {
    const { program } = compileScript('server listen\nscenario "next"\nserver listen');
    expect(program.scenarios.map(({ title, body }) => [title, body.length])).toEqual([
      ['', 1],
      ['next', 1],
    ]);
  });

  it('tells the run where the first wrong line is, in each scenario by itself', () => {
    const { program } = compileScript(
      'scenario "a"\nserver listen\nwait 5\nwait 6\nscenario "b"\nserver listen\nscenario "c"\nhost client { isn x }\nrun',
    );
    expect(program.scenarios.map(({ brokenLine, body }) => [brokenLine, body.length])).toEqual([
      [3, 1],
      [null, 1],
      [8, 1],
    ]);
  });

  it('stops every scenario at a wrong line that they share', () => {
    const { program } = compileScript('link { dely 3ms }\nscenario "a"\nrun\nscenario "b"\nrun');
    expect(program.scenarios.map(({ brokenLine }) => brokenLine)).toEqual([1, 1]);
  });
});

describe('keepalive in one option', () => {
  const clientOf = (options: string) => scenarioOf(`host client { ${options} }\nhost server\nrun`).hosts[0];

  it.each([
    ['keepalive idle 1s interval 2s count 3', 1_000_000, 2_000_000, 3],
    ['keepalive idle 2 min interval 500 ms count 4', 120_000_000, 500_000, 4],
    ['keepalive count 2 idle 10s', 10_000_000, 75_000_000, 2],
    ['keepalive 1s', 1_000_000, 75_000_000, 9],
  ])('%s', (option, keepAliveUs, keepAliveIntervalUs, keepAliveProbes) => {
    expect(clientOf(option)).toMatchObject({ keepAliveUs, keepAliveIntervalUs, keepAliveProbes });
  });

  it.each([
    ['keepalive idle', 'bad-option-value'],
    ['keepalive idle 1s idle 2s', 'said-twice'],
    ['keepalive idle 1s often 3', 'unknown-unit'],
    ['keepalive interval 1s count 0', 'out-of-range'],
  ])('%s: %s', (option, id) => {
    expect(compileScript(`host client { ${option} }\nhost server\nrun`).diagnostics.map((one) => one.id)).toEqual([id]);
  });

  it('is written with single spaces', () => {
    const text = 'host client { keepalive  idle 1s   interval 1s  count 3 }\n';
    expect(formatScript(text)).toContain('keepalive idle 1s interval 1s count 3');
  });
});
