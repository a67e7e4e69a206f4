import { describe, expect, it } from 'vitest';
import { finished, remarks, reportOf } from './support';

const OPEN =
  'host client { mss 100 }\nhost server { mss 100, read off }\nserver listen\nclient connect\nwait until server is ESTABLISHED\n';

function passed(text: string) {
  const session = finished(text);
  expect(remarks(session)).toEqual([]);
  return reportOf(session);
}

describe('RECEIVE and PUSH', () => {
  it('waits for as much as it asks for while nothing is pushed', () => {
    passed(
      `${OPEN}link server -> client down\nserver read 300 bytes\nclient inject ACK 100 bytes seq +1\nwait 50ms\nexpect server received 0 bytes\n` +
        'client inject ACK 100 bytes seq +101\nwait 50ms\nexpect server received 0 bytes\n' +
        'client inject ACK 100 bytes seq +201\nwait 50ms\nexpect server received 300 bytes',
    );
  });

  it('is answered with less when the sender has pushed it', () => {
    passed(
      `${OPEN}link server -> client down\nserver read 300 bytes\nclient inject ACK 100 bytes seq +1\nclient inject PSH-ACK 50 bytes seq +101\nwait 50ms\n` +
        'expect server received 150 bytes\nexpect server.RCV.USER == 0 bytes',
    );
  });

  it('is answered at once with what was pushed before', () => {
    passed(`${OPEN}client write 50 bytes\nwait 50ms\nserver read 300 bytes\nexpect now server received 50 bytes`);
  });

  it('takes a push that came ahead of its turn', () => {
    passed(
      `${OPEN}link server -> client down\nserver read 300 bytes\nclient inject PSH-ACK 50 bytes seq +101\nwait 50ms\nexpect server received 0 bytes\n` +
        'client inject ACK 100 bytes seq +1\nwait 50ms\nexpect server received 150 bytes',
    );
  });
});

describe('urgent data', () => {
  it('is announced, counted while it is unread, and over when it is read', () => {
    passed(
      `${OPEN}client write 30 bytes urgent\nclient write 20 bytes\nwait 50ms\nexpect server.urgent == 30 bytes\n` +
        'server read 10 bytes\nexpect server.urgent == 20 bytes\nserver read 20 bytes\nexpect server.urgent == 0 bytes\n' +
        'expect server.RCV.USER == 20 bytes',
    );
  });

  it('is told again when the pointer moves ahead, and told when it is past', () => {
    const session = finished(
      `${OPEN}client write 30 bytes urgent\nwait 50ms\nclient write 30 bytes urgent\nwait 50ms\nserver read all`,
    );
    const told = Array.from({ length: session.momentCount }, (_, index) => session.moment(index).events)
      .flat()
      .flatMap((event) => (event.kind === 'signal' && event.host === 'server' ? [event.signal] : []));
    expect(told).toEqual(['urgent data', 'urgent data', 'end of urgent data']);
  });

  it('points to the octet after it, in both directions, however much it is', () => {
    const report = passed(
      `host client { mss 100 }\nhost server { mss 100 }\nserver listen\nclient connect\nwait until server is ESTABLISHED\n` +
        'client write 250 bytes urgent\nserver write 5 bytes urgent\nwait 100ms\nexpect server received 250 bytes\n' +
        'expect client received 5 bytes\nexpect client.SND.UP == client.SND.UNA\nexpect server.RCV.UP == server.RCV.NXT',
    );
    const urgent = report.segments.filter(({ flags }) => flags.includes('URG'));
    expect(urgent.map(({ from, len }) => `${from} ${len}`)).toEqual([
      ...['client 100', 'client 100', 'client 50'],
      'server 5',
    ]);
  });

  it('reaches a receiver whose window is closed', () => {
    passed(
      'host client { mss 100 }\nhost server { mss 100, window 100 bytes, read off }\nserver listen\nclient connect\n' +
        'wait until server is ESTABLISHED\nclient write 100 bytes\nwait 50ms\nexpect client.SND.WND == 0 bytes\n' +
        'client inject URG-ACK up 50 seq +101\nwait 50ms\nexpect server.urgent == 150 bytes',
    );
  });
});

describe('the socket close', () => {
  it('resets when data is unread, and ends as usual when all is read', () => {
    const open = (read: string) =>
      `host client\nhost server { socket-close on, read ${read} }\nserver listen\nclient connect\n` +
      'wait until server is ESTABLISHED\nclient write 10 bytes\nwait 50ms\nserver close\nwait 50ms\n';
    passed(`${open('off')}expect client error reset and client is CLOSED and server is CLOSED`);
    passed(`${open('on')}expect client is CLOSE-WAIT and not client error reset`);
  });
});

describe('keep-alives', () => {
  const idle = (options: string) =>
    `host client { keepalive 1s, keepalive-interval 500ms, keepalive-count 3${options} }\nhost server\nserver listen\n` +
    'client connect\nwait until server is ESTABLISHED\n';

  it('ask after the idle time, and go on as long as somebody answers', () => {
    passed(
      `${idle('')}wait 900ms\nexpect client.probes == 0\nwait 3s\nexpect client.probes == 3\nexpect client is ESTABLISHED`,
    );
  });

  it('begin anew with what is heard', () => {
    passed(
      `${idle('')}wait 800ms\nserver write 10 bytes\nwait 800ms\nexpect client.probes == 0\nwait 300ms\nexpect client.probes == 1`,
    );
  });

  it('give up after the count, and tell the application', () => {
    passed(
      `${idle('')}wait 100ms\nlink down\nwait 2s\nexpect client is ESTABLISHED\nexpect client.probes == 3\nwait 600ms\n` +
        'expect client is CLOSED and client error timeout',
    );
  });

  it('leave it to the retransmission timer while something is on its way', () => {
    passed(`${idle(', retries 15')}wait 100ms\nlink down\nclient write 10 bytes\nwait 5s\nexpect client.probes == 0`);
  });
});

describe('the user timeout', () => {
  const open =
    'host client { user-timeout 3s }\nhost server\nserver listen\nclient connect\nwait until server is ESTABLISHED\nwait 50ms\n';

  it('ends a connection whose data is not acknowledged in time', () => {
    passed(
      `${open}link down\nclient write 10 bytes\nwait 2900ms\nexpect client is ESTABLISHED\nwait 200ms\nexpect client is CLOSED and client error timeout`,
    );
  });

  it('does not run while nothing waits for an acknowledgment, and starts again with each one', () => {
    passed(
      `${open}wait 10s\nexpect client is ESTABLISHED\nclient write 10 bytes\nwait 10s\nexpect client is ESTABLISHED and not client error any`,
    );
  });

  it('can be changed while the connection lives', () => {
    passed(`${open}client set user-timeout 1s\nlink down\nclient write 10 bytes\nwait 1100ms\nexpect client is CLOSED`);
    passed(
      `${open}client set user-timeout off\nlink down\nclient write 10 bytes\nwait 10s\nexpect client is ESTABLISHED`,
    );
  });
});

describe('the pace of ACKs', () => {
  const open = (options: string) =>
    `host client { mss 1000 }\nhost server { mss 1000, delayed-ack 40ms, delayed-ack-max 200ms${options} }\nserver listen\nclient connect\n` +
    'wait until server is ESTABLISHED\nwait 50ms\n';
  const acks = (report: ReturnType<typeof passed>) =>
    report.segments
      .filter(({ from, len, flags }) => from === 'server' && len === 0 && !flags.includes('SYN'))
      .map(({ timeUs }) => timeUs);

  it('is one for each segment at the start, where the host has quick ACKs', () => {
    const report = passed(
      `${open(', quick-acks 16')}client write 1000 bytes\nwait 1ms\nclient write 1000 bytes\nwait 100ms`,
    );
    expect(acks(report)).toEqual([90_000, 91_000]);
  });

  it('is held back by the delay without them, and by two full segments no longer', () => {
    const one = passed(`${open('')}link server -> client down\nclient inject ACK 1000 bytes seq +1\nwait 200ms`);
    expect(acks(one)).toEqual([130_000]);
    const two = passed(
      `${open('')}link server -> client down\nclient inject ACK 1000 bytes seq +1\nclient inject ACK 1000 bytes seq +1001\nwait 200ms`,
    );
    expect(acks(two)).toEqual([90_000]);
  });
});
