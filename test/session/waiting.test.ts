import { describe, expect, it } from 'vitest';
import type { RuleId } from '../../src/engine/rules';
import { RULES } from '../../src/engine/rules';
import { waitingReasons } from '../../src/engine/sim/waiting';
import type { WaitingReason } from '../../src/engine/tcp/whyNot';
import { sessionOf } from './support';

const OPEN = 'server listen\nclient connect\nwait until server is ESTABLISHED\n';

/** Why `host` sends nothing where the script's last line is reached; that line is added here. */
function reasonsAt(host: string, script: string): readonly WaitingReason[] {
  const session = sessionOf(`${script}\nwait 1us`);
  session.runToEnd();
  expect(session.checks().filter(({ ok }) => !ok)).toEqual([]);
  for (let index = session.momentCount - 1; index >= 0; index--) {
    const { kind, statement } = session.moment(index);
    if (kind === 'statement' && statement?.text === 'wait 1us')
      return waitingReasons(session.stateAt(index).world, host);
  }
  throw new Error('the last line was not reached');
}

/** A reason; a script after which it holds, and its sentence; a script much like it after which it does not. */
type Row = readonly [rule: RuleId, host: string, script: string, text: string, sibling: string];

const ROWS: readonly Row[] = [
  ['wait-closed', 'client', '', 'There is no connection: it is CLOSED.', 'client listen'],
  ['wait-for-syn', 'server', 'server listen', 'It listens, and waits for the SYN of a remote host.', ''],
  [
    'wait-for-syn-ack',
    'client',
    'client connect\nwait 1ms',
    'Its SYN has left and waits for the answer; it is sent again at 1 s.',
    OPEN,
  ],
  [
    'wait-for-handshake-ack',
    'server',
    'server listen\nclient connect\nwait 11ms',
    'Its SYN has left and waits for its acknowledgment; it is sent again at 1.01 s.',
    OPEN,
  ],
  [
    'wait-for-established',
    'client',
    'client connect\nclient write 700 bytes\nwait 1ms',
    '700 bytes wait for the connection to be ESTABLISHED.',
    'client connect\nwait 1ms',
  ],
  [
    'wait-close-queued',
    'server',
    'server listen\nclient connect\nwait 11ms\nserver write 5 bytes\nserver close',
    'The FIN waits for the connection to be ESTABLISHED.',
    'server listen\nclient connect\nwait 11ms\nserver write 5 bytes',
  ],
  [
    'wait-due',
    'client',
    `${OPEN}server write 5 bytes\nwait until client received 5 bytes`,
    'It does not wait: an ACK leaves in the next step.',
    `${OPEN}server write 5 bytes\nwait until client received 5 bytes\nwait 1ms`,
  ],
  [
    'wait-window-closed',
    'client',
    `host client\nhost server { window 1000 bytes, read off }\n${OPEN}client write 1500 bytes\nwait 100ms`,
    'The send window is closed: 500 bytes wait, and the persist timer probes the window at 1.05 s.',
    `host client\nhost server { window 1000 bytes }\n${OPEN}client write 1500 bytes\nwait 100ms`,
  ],
  [
    'wait-window-full',
    'client',
    `host client\nhost server { window 1000 bytes }\n${OPEN}client write 1500 bytes\nwait 1ms`,
    'The send window of 1000 bytes is used up (1000 are on their way): 500 bytes wait.',
    `${OPEN}client write 1500 bytes\nwait 1ms`,
  ],
  [
    'wait-cwnd',
    'client',
    `host client { iw 2 segments }\nhost server\n${OPEN}client write 4000 bytes\nwait 1ms`,
    'The congestion window is used up (2920 of 2920 bytes are on their way): 1080 bytes wait for an ACK.',
    `${OPEN}client write 4000 bytes\nwait 1ms`,
  ],
  [
    'wait-prr',
    'client',
    `host client { prr on, iw 10 segments }\nhost server\n${OPEN}drop next data from client\nclient write 40000 bytes\nwait until client.dupacks == 3\nwait 1ms`,
    'The quota of this recovery is used up (7300 of 7300 bytes are on their way): 19560 bytes wait for the next ACK.',
    `host client { prr on, iw 10 segments }\nhost server\n${OPEN}client write 40000 bytes\nwait 11ms`,
  ],
  [
    'wait-limited-transmit',
    'client',
    `host client { iw 2 segments }\nhost server\n${OPEN}client write 1460 bytes\nwait 40ms\ndrop next data from client\nclient write 20000 bytes\nwait until client.dupacks == 2\nwait 1ms`,
    '2 duplicate ACKs have let out as many new segments as limited transmit allows: 14160 bytes wait.',
    `host client { iw 2 segments, limited-transmit off }\nhost server\n${OPEN}client write 1460 bytes\nwait 40ms\ndrop next data from client\nclient write 20000 bytes\nwait until client.dupacks == 1\nwait 1ms`,
  ],
  [
    'wait-nagle',
    'client',
    `host client { nagle on }\nhost server\n${OPEN}client write 10 bytes\nclient write 20 bytes`,
    "Nagle's algorithm holds 20 bytes, less than a full segment, until the 10 bytes on their way are acknowledged.",
    `${OPEN}client write 10 bytes\nclient write 20 bytes`,
  ],
  [
    'wait-silly-window',
    'client',
    `host client\nhost server { window 4000 bytes, read off }\n${OPEN}client write 3000 bytes\nwait 100ms\nclient write 2000 bytes`,
    'The window has room for 1000 bytes only, less than a full segment of 1460: 2000 bytes wait, at most until 1.13 s.',
    `host client\nhost server { window 4000 bytes, read off }\n${OPEN}client write 3000 bytes\nwait 100ms\nclient write 900 bytes`,
  ],
  [
    'wait-frto',
    'client',
    `host client { f-rto on, iw 4 segments }\nhost server\n${OPEN}drop next 4 data from client\nclient write 20000 bytes\nwait 1025ms`,
    '3 segments may be lost; new data goes first, to find out whether the timeout was a false alarm.',
    `host client { iw 4 segments }\nhost server\n${OPEN}drop next 4 data from client\nclient write 20000 bytes\nwait 1025ms`,
  ],
  [
    'wait-lost-cwnd',
    'client',
    `host client { sack on, iw 20 segments }\nhost server { sack on }\n${OPEN}drop next 12 data from client\nclient write 29200 bytes\nwait 21ms`,
    '2 segments taken to be lost wait for room in the congestion window (14600 of 14600 bytes are on their way).',
    `host client { sack on, iw 20 segments }\nhost server { sack on }\n${OPEN}drop next 2 data from client\nclient write 29200 bytes\nwait 21ms`,
  ],
  [
    'wait-lost-window',
    'client',
    `host client { iw 4 segments }\nhost server\n${OPEN}drop next 4 data from client\nclient write 5840 bytes\nwait 1010ms`,
    '3 segments taken to be lost wait for room in the congestion window (1460 of 1460 bytes are on their way).',
    `host client { iw 4 segments }\nhost server\n${OPEN}client write 5840 bytes\nwait 1500ms`,
  ],
  [
    'wait-fin-behind-data',
    'client',
    `host client { iw 2 segments }\nhost server\n${OPEN}client write 4000 bytes\nclient close`,
    'The FIN waits behind 1080 bytes that have not been sent.',
    `${OPEN}client write 4000 bytes\nclient close`,
  ],
  [
    'wait-fin-window',
    'client',
    `host client\nhost server { window 1000 bytes, read off }\n${OPEN}client write 1000 bytes\nwait 100ms\nclient close\nwait 1ms`,
    'The send window of 0 bytes has no room for the FIN; the persist timer probes the window at 1.13 s.',
    `host client\nhost server { window 1000 bytes }\n${OPEN}client write 1000 bytes\nwait 100ms\nclient close\nwait 1ms`,
  ],
  [
    'wait-for-fin-ack',
    'client',
    `${OPEN}client close\nwait 1ms`,
    'Its FIN has left and waits for its acknowledgment; it is sent again at 1.03 s.',
    `${OPEN}client close\nwait 30ms`,
  ],
  [
    'wait-for-fin',
    'client',
    `${OPEN}client close\nwait 30ms`,
    'It has closed and sends no more; it waits for the remote side to close.',
    `${OPEN}client close\nserver close\nwait 30ms`,
  ],
  [
    'wait-for-close',
    'server',
    `${OPEN}client close\nwait 30ms`,
    'The remote side has closed; the FIN of this side waits for its application to close.',
    `${OPEN}client close\nwait 30ms\nserver close`,
  ],
  [
    'wait-time-wait',
    'client',
    `${OPEN}client close\nwait 30ms\nserver close\nwait 30ms`,
    'The connection is over, and only what comes again is answered, until 60.07 s.',
    `${OPEN}client close\nwait 30ms`,
  ],
  [
    'wait-delayed-ack',
    'server',
    `host client\nhost server { delayed-ack 200ms }\n${OPEN}client write 100 bytes\nwait 50ms`,
    'The ACK of 100 bytes is delayed until 240 ms; a second full segment would be acknowledged at once.',
    `host client\nhost server { delayed-ack 200ms }\n${OPEN}client write 2920 bytes\nwait 50ms`,
  ],
  [
    'wait-challenge-limit',
    'server',
    `host client\nhost server { challenge-ack-limit 500ms }\nhost x\n${OPEN}x inject RST seq +2 spoof client to server\nx inject RST seq +3 spoof client to server\nwait 20ms`,
    'A segment that can not be right was not answered: the limit of challenge ACKs lets the next one out from 540 ms on, when another such segment comes.',
    `host client\nhost server { challenge-ack-limit 500ms }\nhost x\n${OPEN}x inject RST seq +2 spoof client to server\nx inject RST seq +3 spoof client to server\nwait 600ms`,
  ],
  [
    'wait-for-ack',
    'client',
    `${OPEN}client write 2000 bytes\nwait 1ms`,
    '2 segments that were sent wait for an ACK; the retransmission timer expires at 1.03 s.',
    `${OPEN}client write 2000 bytes\nwait 40ms`,
  ],
  [
    'wait-tail-probe',
    'client',
    `host client { sack on, tlp on, rack on }\nhost server { sack on }\n${OPEN}client write 2000 bytes\nwait 1ms`,
    '2 segments that were sent wait for an ACK; a probe of the tail leaves at 70 ms.',
    `host client { sack on, rack on }\nhost server { sack on }\n${OPEN}client write 2000 bytes\nwait 1ms`,
  ],
  [
    'wait-reordering',
    'client',
    `host client { sack on, rack on }\nhost server { sack on }\n${OPEN}delay next data from client by 8ms\nclient write 2920 bytes\nwait 21ms`,
    'Segments that were overtaken may still arrive; they have time until 55 ms.',
    `host client { sack on, rack on }\nhost server { sack on }\n${OPEN}client write 2920 bytes\nwait 21ms`,
  ],
  [
    'wait-keep-alive',
    'client',
    `host client { keepalive 1min }\nhost server\n${OPEN}wait 1s`,
    'Nothing is on its way; a keep-alive is due at 60.02 s if nothing is heard.',
    `${OPEN}wait 1s`,
  ],
  [
    'wait-for-read',
    'server',
    `host client\nhost server { window 1000 bytes, read off }\n${OPEN}client write 1500 bytes\nwait 100ms`,
    '1000 bytes wait for the application to read them, and the window is closed until it does.',
    `host client\nhost server { window 1000 bytes, read off }\n${OPEN}client write 900 bytes\nwait 100ms`,
  ],
  [
    'wait-for-room',
    'server',
    `host client\nhost server { window 4000 bytes, read off }\n${OPEN}client write 4000 bytes\nwait 100ms\nserver read 500 bytes`,
    'The receive buffer has 500 bytes free and the window is 0 bytes: it opens when the step is worthwhile.',
    `host client\nhost server { window 4000 bytes, read off }\n${OPEN}client write 4000 bytes\nwait 100ms\nserver read 1460 bytes`,
  ],
  [
    'wait-nothing',
    'client',
    `${OPEN}client write 10 bytes\nwait 1s`,
    'There is nothing to send: all that was handed over is acknowledged.',
    `${OPEN}client write 10 bytes`,
  ],
  [
    'wait-in-flight',
    'server',
    'server listen\nclient connect',
    'A segment from client is on its way and arrives at 10 ms.',
    'server listen\nclient connect\nwait 11ms',
  ],
  [
    'wait-held',
    'server',
    'server listen\nhold client -> server\nclient connect',
    '1 segment from client is held by line 2.',
    'server listen\nhold client -> server\nclient connect\nrelease client -> server',
  ],
];

describe('why nothing is sent', () => {
  it.each(ROWS)('%s of %s', (rule, host, script, text, sibling) => {
    expect(reasonsAt(host, script).find((reason) => reason.rule === rule)?.text).toBe(text);
    expect(reasonsAt(host, sibling).map((reason) => reason.rule)).not.toContain(rule);
  });

  it('has a test for every reason', () => {
    const reasons = Object.keys(RULES).filter((id) => id.startsWith('wait-'));
    expect(ROWS.map(([rule]) => rule).sort()).toEqual(reasons.sort());
  });

  it('tells what keeps data back first, and when the wait ends', () => {
    const [first, second] = reasonsAt(
      'client',
      `host client\nhost server { window 1000 bytes, read off }\n${OPEN}client write 1500 bytes\nwait 100ms\nclient close`,
    );
    expect(first).toMatchObject({ rule: 'wait-window-closed', holds: 'data', untilUs: 1_050_000 });
    expect(first?.numbers).toEqual({ unsentBytes: 500, sendWindowBytes: 0 });
    expect(second).toMatchObject({ rule: 'wait-fin-behind-data', holds: 'fin', untilUs: null });
  });
});
