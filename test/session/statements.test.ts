import { describe, expect, it } from 'vitest';
import { compileScript } from '../../src/script';
import { runDiagnostics } from '../../src/session/judgements';
import { Session } from '../../src/session/session';
import { finalStates, finished, HANDSHAKE, remarks, reportOf, sessionOf, transcript } from './support';

describe('calls', () => {
  it('reports a call that TCP refuses, with the reason', () => {
    const session = finished('client write 10 bytes\n');
    expect(remarks(session)).toEqual(['1 call-refused']);
    expect(session.checks()[0]?.actual).toBe('error: connection does not exist');
    expect(reportOf(session).calls[0]?.result).toBe('error: connection does not exist');
  });

  it('takes a refusal as meant when the next line asks for it', () => {
    const session = finished('client write 10 bytes\nexpect client error not-exist\n');
    expect(session.outcome()).toBe('passed');
  });

  it('still reports it when the next line asks for another error', () => {
    const session = finished('client write 10 bytes\nexpect client error reset\n');
    expect(remarks(session)).toEqual(['1 call-refused', '2 expect-failed']);
  });

  it('crosses calls of one instant', () => {
    const session = finished(`${HANDSHAKE}expect server is ESTABLISHED\nclient close\nserver close\nrun\n`);
    expect(transcript(session).slice(3)).toEqual([
      '30 client FIN-ACK seq=1 ack=1',
      '30 server FIN-ACK seq=1 ack=1',
      '40 server ACK seq=2 ack=2',
      '40 client ACK seq=2 ack=2',
    ]);
    expect(finalStates(session)).toBe('client CLOSED, server CLOSED');
  });
});

describe('checks', () => {
  it('goes on after a failed expect and shows expected and actual', () => {
    const session = finished(
      `${HANDSHAKE}expect client is CLOSED\nexpect server.RCV.NXT == 7\nexpect client is ESTABLISHED\n`,
    );
    expect(remarks(session)).toEqual(['5 expect-failed', '6 expect-failed']);
    expect(
      session
        .checks()
        .slice(-3)
        .map(({ ok, expected, actual }) => ({ ok, expected, actual })),
    ).toEqual([
      { ok: false, expected: 'CLOSED', actual: 'ESTABLISHED' },
      { ok: false, expected: 'server.RCV.NXT == 7', actual: expect.stringMatching(/^server\.RCV\.NXT is \d+$/) },
      { ok: true, expected: 'ESTABLISHED', actual: 'ESTABLISHED' },
    ]);
  });

  it('looks at once with `now`', () => {
    const session = finished(
      'server listen\nclient connect\nexpect now server is LISTEN\nexpect server is SYN-RECEIVED\n',
    );
    expect(session.outcome()).toBe('passed');
  });

  it('counts an ACK that is owed as on its way', () => {
    const session = finished(
      `${HANDSHAKE}client send FIN\nserver send FIN-ACK\nexpect client is TIME-WAIT\nexpect server is CLOSED\n`,
    );
    expect(remarks(session)).toEqual([]);
    expect(transcript(session)).toHaveLength(6);
  });

  it('does not run on for a check that is false', () => {
    const session = finished(
      `${HANDSHAKE}client write 100000 bytes\nexpect server received 99999 bytes\nexpect now server received 100000 bytes\n`,
    );
    expect(remarks(session)).toEqual(['6 expect-failed', '7 expect-failed']);
  });

  it.each([
    ['true within the time', 'expect server is ESTABLISHED within 30ms', 'passed', 30_000],
    ['not true within the time', 'expect server is ESTABLISHED within 29ms', 'failed', 30_000],
  ])('%s', (_name, line, outcome, endUs) => {
    const session = finished(`server listen\nclient connect\n${line}\n`);
    expect(session.outcome()).toBe(outcome);
    expect(reportOf(session).endUs).toBe(endUs);
  });

  it('tells quiet from traffic', () => {
    const session = finished(
      `${HANDSHAKE}wait 50ms\nexpect quiet for 1s\nclient write 10 bytes\nexpect quiet for 1s\n`,
    );
    expect(remarks(session)).toEqual(['8 expect-failed']);
  });

  it('counts what was sent and received', () => {
    const session = finished(
      `${HANDSHAKE}client write 4000 bytes\nexpect server received 4000 bytes\nexpect client sent data 3 times\nexpect client sent SYN 1 times\nexpect not server sent FIN\nexpect server sent ACK\n`,
    );
    expect(remarks(session)).toEqual([]);
  });

  it('knows a lost segment', () => {
    const session = finished(
      'server listen\ndrop next\nclient connect\nexpect segment lost\nwait 1.5s\nexpect not segment lost\n',
    );
    expect(remarks(session)).toEqual([]);
  });

  it('judges and, or, not', () => {
    const session = finished(
      `${HANDSHAKE}expect client is ESTABLISHED and server is ESTABLISHED\nexpect client is CLOSED or server is ESTABLISHED\nexpect not client is CLOSED and not client is LISTEN\nexpect client is CLOSED and server is ESTABLISHED\n`,
    );
    expect(remarks(session)).toEqual(['8 expect-failed']);
  });

  it('stops for good when a wait is in vain', () => {
    const session = finished(`${HANDSHAKE}wait until client is CLOSED within 1s\nclient close\n`);
    expect(remarks(session)).toEqual(['5 wait-until-failed', '6 not-reached']);
    expect(reportOf(session).endUs).toBe(1_020_000);
  });
});

describe('time', () => {
  it('runs bodies of `at` and `on` beside the script', () => {
    const session = finished(`server listen
on server receives FIN { wait 100ms; server close }
at 1s { client close }
client connect
wait until client is TIME-WAIT
`);
    expect(remarks(session)).toEqual([]);
    expect(transcript(session).slice(3)).toEqual([
      '1000 client FIN-ACK seq=1 ack=1',
      '1010 server ACK seq=1 ack=2',
      '1110 server FIN-ACK seq=1 ack=2',
      '1120 client ACK seq=2 ack=2',
    ]);
  });

  it('runs `on H is STATE` at once when it is so already, and each time it becomes so', () => {
    const session = finished(
      'on server is CLOSED { server listen }\nclient send SYN\nserver send SYN-ACK\nclient send RST\nrun\n',
    );
    expect(remarks(session)).toEqual([]);
    expect(finalStates(session)).toBe('client CLOSED, server LISTEN');
  });

  it('waits, and ends with TIME-WAIT when told to run', () => {
    const session = finished(`${HANDSHAKE}wait 250us\nclient send FIN\nserver send FIN-ACK\nclient send ACK\nrun\n`);
    expect(reportOf(session).endUs).toBe(20_000 + 250 + 20_000 + 60_000_000);
    expect(finalStates(session)).toBe('client CLOSED, server CLOSED');
  });

  it('lets what is on its way arrive after the last line, but waits for no timer', () => {
    const session = finished('server listen\ndrop next\nclient connect\n');
    expect(transcript(session)).toEqual(['0 client SYN seq=0 dropped']);
    expect(finalStates(session)).toBe('client SYN-SENT, server LISTEN');
  });
});

describe('the network', () => {
  it('warns of a fault that met nothing', () => {
    expect(remarks(finished(`${HANDSHAKE}drop next data from client\n`))).toEqual(['5 fault-never-met']);
  });

  it('holds and releases', () => {
    const session = finished(
      'server listen\nhold client -> server\nclient connect\nwait 500ms\nexpect server is LISTEN\nrelease\nexpect server is SYN-RECEIVED\n',
    );
    expect(remarks(session)).toEqual([]);
  });

  it('takes the link down for a while', () => {
    const session = finished('server listen\nlink down for 2500ms\nclient connect\nwait until server is ESTABLISHED\n');
    expect(remarks(session)).toEqual([]);
    expect(transcript(session).map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      '0 client SYN',
      '1000 client SYN',
      '3000 client SYN',
      '3010 server SYN-ACK',
      '3020 client ACK',
    ]);
  });

  it('forges segments', () => {
    const session = finished(`host client at 10.0.0.1:49152 { isn 1000 }
host server at 10.0.0.2:80 { isn 5000 }
host attacker at 10.0.0.3:6666
${HANDSHAKE}expect server is ESTABLISHED
attacker inject RST seq 5001 spoof server
expect client is CLOSED within 1s
expect client error reset
`);
    expect(remarks(session)).toEqual([]);
    expect(transcript(session)[3]).toMatch(/attacker RST seq=1 .*injected|attacker RST seq=1 injected/);
  });
});

describe('bounds', () => {
  it('stops an application that goes round in circles in no time', () => {
    const session = finished(
      'on client is CLOSED { client listen; client abort }\nclient listen\nclient abort\nrun\n',
      {
        limits: { maxEvents: 1000 },
      },
    );
    expect(session.outcome()).toBe('limit');
    expect(session.limitMessage()).toMatch(/stopped/);
  });

  it('stops when it takes too long or is cancelled', () => {
    let ms = 0;
    const text = 'on client is CLOSED { client listen; client abort }\nclient listen\nclient abort\nrun\n';
    expect(finished(text, { wallClock: { nowMs: () => ms++, maxMs: 3 } }).limitMessage()).toMatch(/real time/);
    expect(finished(text, { cancelled: () => true }).limitMessage()).toMatch(/cancelled/);
  });

  it('stops before the first line that is not understood', () => {
    const { program, diagnostics } = compileScript('server listen\nclient sned SYN\nserver send SYN-ACK\n');
    expect(diagnostics.map(({ span }) => span.line)).toEqual([2]);
    const [scenario] = program.scenarios;
    if (scenario === undefined) throw new Error('no scenario');
    const session = new Session(scenario);
    expect(session.runToEnd()).toBe('error');
    expect(remarks(session)).toEqual([]);
    expect(finalStates(session)).toBe('client CLOSED, server LISTEN');
  });
});

describe('what repeats', () => {
  it('says a remark once, with how often it came', () => {
    const session = finished(
      'at 1s { client write 1 bytes }\nat 2s { server write 1 bytes }\non client is CLOSED { client write 1 bytes }\n',
    );
    expect(remarks(session)).toEqual(['1 call-refused', '2 call-refused', '3 call-refused']);
    const loop = finished(
      `server listen\non client receives any { client listen }\nclient connect\nwait until server is ESTABLISHED\nserver write 4000 bytes\nrun\n`,
    );
    expect(remarks(loop)).toEqual(['2 call-refused']);
    expect(runDiagnostics(loop)[0]?.message).toMatch(/And \d+ more times/);
  });

  it('ends a run whose segments go round for ever after the last line, and says so', () => {
    const session = finished(`${HANDSHAKE}wait 100ms\nclient inject FIN-ACK\nexpect server is CLOSE-WAIT\n`);
    expect(session.outcome()).toBe('passed');
    expect(remarks(session)).toEqual(['7 still-sending']);
  });

  it('numbers a reset for a stranger from no ISN', () => {
    const hosts = 'host server { backlog off }\nhost third at 10.0.0.3\n';
    const session = finished(`${hosts}${HANDSHAKE}wait 100ms\nthird connect to server\nrun\n`);
    expect(transcript(session).filter((line) => line.includes('RST'))).toEqual(['130 server RST-ACK seq=0 ack=1']);
  });

  it('tells of a segment that was on its way when the run ended', () => {
    const session = finished('server listen\nclient connect\n');
    session.travel(0);
    const early = sessionOf('server listen\nclient connect\nrun\n');
    early.runUntil(0);
    early.runSlice(8);
    expect(reportOf(early).segments.map(({ fate, arriveUs }) => [fate, arriveUs])).toContainEqual(['held', null]);
  });
});

describe('a bound in time that nobody waits for any more', () => {
  it.each([
    ['expect', 'client connect\nexpect client is ESTABLISHED within 24h'],
    ['wait until', 'client connect\nwait until client is ESTABLISHED within 24h'],
    ['send', 'client send SYN\nserver send SYN-ACK within 24h\nclient send ACK within 24h'],
  ])('does not hold up `run` after %s', (_, lines) => {
    const session = finished(`host client { delayed-ack off }\nserver listen\n${lines}\nrun\n`);
    expect(remarks(session)).toEqual([]);
    expect(reportOf(session).endUs).toBe(30_000);
  });
});
