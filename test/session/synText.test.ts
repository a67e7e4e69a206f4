import { describe, expect, it } from 'vitest';
import { finished, reportOf } from './support';

const script = (syn: string, ack: string): string =>
  `host server\nhost attacker at 10.0.0.66\nserver listen\nattacker inject ${syn} seq 100 spoof 203.0.113.9 to server\nwait 20ms\nattacker inject ${ack} ack +1 spoof 203.0.113.9 to server\nwait 20ms\n`;

describe('text that rides on a SYN (RFC 9293 section 3.10.7.2)', () => {
  it.each([
    ['the ACK begins where the text does', 'SYN 5 bytes', 'ACK seq 101', 5, 106],
    ['the ACK stands behind it', 'SYN 5 bytes', 'ACK seq 106', 5, 106],
    ['data goes on behind it', 'SYN 5 bytes', 'ACK 10 bytes seq 106', 15, 116],
    ['data repeats it and goes on', 'SYN 5 bytes', 'ACK 10 bytes seq 101', 10, 111],
    ['a gap is left', 'SYN 5 bytes', 'ACK 10 bytes seq 108', 5, 106],
  ])('is handed over when the connection is ESTABLISHED: %s', (_what, syn, ack, received, next) => {
    const session = finished(
      `${script(syn, ack)}expect server received ${received} bytes\nexpect server.RCV.NXT == ${next}`,
    );
    expect(session.checks().filter(({ ok }) => !ok)).toEqual([]);
    const last = reportOf(session).segments.at(-1);
    expect(last).toMatchObject({ from: 'server', ackRaw: next });
  });

  it('with a FIN: the connection is half closed at once', () => {
    const session = finished(
      `${script('SYN-FIN 5 bytes', 'ACK seq 107')}expect server is CLOSE-WAIT\nexpect server received 5 bytes`,
    );
    expect(session.checks().filter(({ ok }) => !ok)).toEqual([]);
  });

  it('is the reason for the ACK', () => {
    const session = finished(script('SYN 5 bytes', 'ACK seq 106'));
    expect(reportOf(session).segments.at(-1)?.cause.rule).toBe('text-with-syn-taken');
  });
});
