import { describe, expect, it } from 'vitest';
import { connection, hostNames } from '../../src/engine/sim/world';
import { VARIABLE_NAMES, VARIABLES, type VariableValue } from '../../src/engine/variables';
import { becauseLine } from '../../src/session/because';
import type { Session } from '../../src/session/session';
import { chainOfVariables } from '../../src/session/variableChain';
import { answerWhy } from '../../src/session/why';
import { finished } from './support';

const OPEN = 'server listen\nclient connect\nwait until server is ESTABLISHED\n';

/** The chain of the last check, as `kind rule line`. */
function chainOfCheck(script: string): string[] {
  const check = finished(script, { keep: 'verdicts' }).checks().at(-1);
  return (check?.because ?? []).map(({ kind, rule, line }) => `${kind} ${rule ?? '-'} ${line ?? '-'}`);
}

/** The first link of the chain of the last check. */
function firstOf(script: string): string {
  return finished(script, { keep: 'verdicts' }).checks().at(-1)?.because[0]?.what ?? '';
}

describe('the chain of a check of a variable', () => {
  it.each<readonly [what: string, script: string, links: readonly string[]]>([
    [
      'of a window that an ACK let grow',
      `host client { iw 2 segments }\nhost server\n${OPEN}client write 2920 bytes\nwait 1s\nexpect client.cwnd == 9`,
      ['event slow-start -', 'arrival text-in-order 6', 'arrival send-data 6', 'line call-send 6'],
    ],
    [
      'of a window that a timeout let fall, though something has arrived since',
      `host client { iw 2 segments }\nhost server\n${OPEN}drop next data from client\nclient write 100 bytes\nwait 1005ms\nserver write 5 bytes\nwait 100ms\nexpect client.ssthresh == 9`,
      ['event timeout-slow-start -', 'loss fault-drop 6', 'timer rto-start 7', 'line call-send 7'],
    ],
    [
      'of a number that was sent',
      `${OPEN}client write 100 bytes\nwait 1s\nexpect client.SND.NXT == 9`,
      ['event - -', 'event send-data 4', 'line call-send 4'],
    ],
    [
      'of a timer that runs',
      `${OPEN}client close\nserver close\nwait 1s\nexpect client.timer.timewait == 9s`,
      ['event time-wait-start -', 'arrival fin-acknowledged 4', 'arrival close-established 4', 'line call-close 4'],
    ],
    [
      'of an option that a call has changed',
      `${OPEN}client set nagle on\nwait 1s\nexpect client.nagle != server.nagle\nexpect client.RCV.BUFF == 9`,
      ['start - -'],
    ],
    [
      'of an option that a line sets',
      `host client {\n  msl 7s\n}\nhost server\n${OPEN}expect client.MSL == 9s`,
      ['line - 2'],
    ],
    ['of a default', `${OPEN}expect client.MSL == 9s`, ['start - -']],
    ['of what nothing has changed', `${OPEN}expect client.dupacks == 9`, ['start - -']],
  ])('%s', (_what, script, links) => {
    expect(chainOfCheck(script)).toEqual(links);
  });

  it('says what the value is and where it comes from', () => {
    expect(firstOf(`${OPEN}expect client.MSL == 9s`)).toBe(
      'client.MSL is 30 s since the beginning, a default (`msl`) of profile rfc',
    );
    expect(firstOf(`host client { profile linux }\nhost server\n${OPEN}expect client.MSL == 9s`)).toBe(
      'client.MSL is 30 s since the beginning, a default (`msl`) of profile linux, which line 1 chooses',
    );
    expect(firstOf(`host client { msl 1s }\nhost server\n${OPEN}expect client.MSL == 9s`)).toBe(
      'client.MSL is 1 s since the beginning, set by line 1 (`msl`)',
    );
    expect(firstOf(`host client { isn 1000 }\n${OPEN}expect client.ISS == 9`)).toBe('client.ISS becomes 1000 at 0 ms');
    expect(firstOf(`host client { isn 1000 }\n${OPEN}client write 10 bytes\nwait 1s\nexpect client.SND.UNA == 9`)).toBe(
      'client.SND.UNA goes from 1001 to 1011 at 50 ms',
    );
  });

  it('begins with the steps of all its variables, the latest first', () => {
    const [check] = finished(
      `host client { isn 1000 }\n${OPEN}client write 10 bytes\nwait 1s\nexpect server.RCV.NXT == client.ISS + 1`,
    )
      .checks()
      .slice(-1);
    expect(check?.because.slice(0, 2).map(({ what }) => what)).toEqual([
      'server.RCV.NXT goes from 1001 to 1011 at 40 ms',
      'client.ISS becomes 1000 at 0 ms',
    ]);
    expect(check?.why).toContain('server.RCV.NXT goes from 1001 to 1011 at 40 ms: Receive next');
    expect(check?.why).not.toContain('became');
    expect(check?.related.map(({ span }) => span.line)).toEqual([5, 3]);
  });

  it('is the same whether moments are kept or not', () => {
    const script = `host client { iw 2 segments }\nhost server { window 3000 bytes, read off }\n${OPEN}drop 2nd data\nclient write 9000 bytes\nwait 900ms\nexpect client.cwnd == 1 and client.SND.WND == 9 and client.pipe == 9 and client.RTO == 1us`;
    const [brief, whole] = (['verdicts', 'all'] as const).map((keep) => finished(script, { keep }).checks().at(-1));
    expect(brief?.because.length).toBeGreaterThan(4);
    expect(brief).toEqual(whole);
  });
});

const SCRIPTS = [
  `host client { nagle on, user-timeout 20s, sack on }\nhost server { delayed-ack 40ms, window 6000 bytes }\n${OPEN}drop 3rd data\nclient write 20000 bytes\nserver write 10 bytes urgent\nwait 50ms\nserver read off\nclient write 9000 bytes\nwait 3s\nclient set nagle off\nserver read on\nclient close\nserver close\nrun`,
  `host client { profile linux }\nhost server { profile linux }\n${OPEN}drop 2nd data\nclient write 20000 bytes\nwait 1s\nset link client -> server mtu 1000\nclient write 3000 bytes\nwait 5s\nserver abort\nrun`,
];

/** For each variable of a host its value and the moment at which it changed last, found by looking at every moment. */
function lastChanges(session: Session, host: string): Map<string, { value: VariableValue; moment: number | null }> {
  const found = new Map<string, { value: VariableValue; moment: number | null }>();
  for (let moment = 0; moment < session.momentCount; moment++) {
    const tcb = connection(session.stateAt(moment).world, host);
    for (const [name, { read }] of Object.entries(VARIABLES)) {
      const value = read(tcb);
      const before = found.get(name);
      if (before === undefined) found.set(name, { value, moment: null });
      else if (before.value !== value) found.set(name, { value, moment });
    }
  }
  return found;
}

describe('a variable that is true or false', () => {
  it('is a condition by itself', () => {
    const script = `host client { nagle on }\nhost server\n${OPEN}wait until client.nagle\nexpect client.nagle and not server.nagle\nclient set nagle off\nexpect not client.nagle\nexpect client.nagle`;
    const checks = finished(script, { keep: 'verdicts' }).checks().slice(-3);
    expect(checks.map(({ ok }) => ok)).toEqual([true, true, false]);
    expect(checks[2]).toMatchObject({ expected: 'client.nagle', actual: 'client.nagle is false' });
    expect(checks[2]?.because.map(({ what }) => what)).toEqual([
      'client.nagle goes from true to false at 30 ms',
      'client calls SET at 30 ms by line 8, `client set nagle off`',
    ]);
    expect(checks[0]?.because.map(({ line }) => line)).toEqual([1, null]);
  });

  it('is a value where one asks for it', () => {
    const session = finished(`host client { isn 1000 }\n${OPEN}`);
    session.travel(session.momentCount - 1);
    expect(session.evaluate('client.nagle')).toEqual({ value: 'false', unit: 'boolean' });
    expect(session.evaluate('not client.nagle')).toEqual({ value: 'true', unit: 'boolean' });
    expect(session.evaluate('client.SND.NXT')).toEqual({ value: '1001', unit: 'seq' });
  });
});

describe('what wrote a variable last', () => {
  it.each(SCRIPTS)('is the last step at which its value changed, for every variable', (script) => {
    const session = finished(script);
    session.travel(session.momentCount - 1);
    const changed = new Set<string>();
    for (const host of hostNames(session.world())) {
      for (const [name, { value, moment }] of lastChanges(session, host)) {
        const watched = session.watched({ host, name });
        if (watched === null) throw new Error(`${host}.${name} is not watched`);
        expect(watched.value, `${host}.${name}`).toBe(value);
        expect(watched.write?.moment ?? null, `${host}.${name}`).toBe(moment);
        if (moment !== null) changed.add(name);
        const chain = chainOfVariables(session.chainSource, [watched], 1_000);
        const last = chain.at(-1);
        expect(['line', 'loss', 'start'], chain.map(becauseLine).join('\n')).toContain(last?.kind);
      }
    }
    expect(changed.size).toBeGreaterThan(VARIABLE_NAMES.length * 0.6);
  });

  it('is told to whoever asks why', () => {
    const session = finished(`host client { isn 1000 }\n${OPEN}client write 10 bytes\nwait 1s`);
    session.travel(session.momentCount - 1);
    expect(answerWhy(session, 'why client.SND.UNA')?.[0]).toMatch(
      /^client\.SND\.UNA goes from 1001 to 1011 at 50 ms: .*\(RFC 9293 3\.3\.1\)$/,
    );
    expect(answerWhy(session, 'why client.MSL?')).toEqual([
      'client.MSL is 30 s since the beginning, a default (`msl`) of profile rfc',
    ]);
    expect(answerWhy(session, 'why client.NOTHING')).toBeNull();
    expect(answerWhy(session, 'why 5')).toBeNull();
    session.travel(3);
    expect(answerWhy(session, 'why client.SND.UNA')?.[0]).toMatch(/since the beginning/);
  });
});
