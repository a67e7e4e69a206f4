import { describe, expect, it } from 'vitest';
import { finished, reportOf } from './support';

const OPEN = 'server listen\nclient connect\nwait until client is ESTABLISHED\nwait 15ms\n';
const LOST_TAIL = 'drop 3rd data from client\ndrop 4th data from client\nclient write 5840 bytes\n';

/** Scripts that check what loss recovery and congestion control do where a profile departs from the RFCs, and where it does not. */
const SCRIPTS: readonly (readonly [string, string])[] = [
  [
    'a lost tail: the SACK of the probe shows the other loss, although it took the least round trip (RFC 8985 section 6.2)',
    `host client { sack on, rack on, tlp on }\nhost server { sack on }\n${OPEN}${LOST_TAIL}wait 85ms\nexpect server received 5840 bytes`,
  ],
  [
    'the probe of the tail leaves after two round trips (RFC 8985 section 7.2)',
    `host client { sack on, rack on, tlp on }\nhost server { sack on }\n${OPEN}${LOST_TAIL}wait 59ms\nexpect client.SND.UNA == client.ISS + 2921\nwait 40ms\nexpect server received 5840 bytes`,
  ],
  [
    'a lost tail on Linux: the round trip is not believed, as in two of three captures, and the timer repairs the rest',
    `host client { profile linux }\nhost server { profile linux }\n${OPEN}${LOST_TAIL.replace('5840', '5792')}wait 200ms\nexpect server received 2896 bytes\nwait 200ms\nexpect server received 5792 bytes`,
  ],
  [
    'a timeout during fast recovery lowers ssthresh again (RFC 5681 section 3.1)',
    `host client { iw 20 segments }\n${OPEN}drop 1st data from client\ndrop 15th data from client\ndrop 22nd data from client\nclient write 29200 bytes\nwait 500ms\nexpect client.ssthresh == 14600 bytes\nexpect client.flight == 8760 bytes\nwait 700ms\nexpect client.ssthresh == 4380 bytes`,
  ],
  [
    'a gap below the highest SACK goes again when there is nothing better to send (RFC 6675 section 4, NextSeg rule 3)',
    `host client { iw 6 segments, sack on }\nhost server { sack on }\n${OPEN}drop 1st data from client\ndrop 4th data from client\nclient write 8760 bytes\nwait 45ms\nexpect server received 8760 bytes\nexpect client.retransmissions == 2`,
  ],
  [
    'on Linux such a gap waits for the next ACK or the timer',
    `host client { profile linux, iw 6 segments, rack off, tlp off }\nhost server { profile linux }\n${OPEN}drop 1st data from client\ndrop 4th data from client\nclient write 8688 bytes\nwait 45ms\nexpect server received 4344 bytes`,
  ],
  [
    'a SYN from 127.0.0.1 that comes over a link is ignored (RFC 1122 section 3.2.1.3)',
    'host server { backlog 8 }\nhost attacker at 10.0.0.66\nserver listen\nattacker inject SYN seq 5 spoof 127.0.0.1 to server\nwait 100ms\nexpect not server sent any',
  ],
  [
    'between two hosts that have such an address it is answered',
    'host client at 127.0.0.1\nhost server at 127.0.0.2\nserver listen\nclient connect\nwait 100ms\nexpect server is ESTABLISHED',
  ],
  [
    'ECE halves cwnd, all of which was on its way (RFC 3168 section 6.1.2)',
    `host client { ecn on }\nhost server { ecn on }\n${OPEN}mark 1st data CE\nclient write 14600 bytes\nwait 100ms\nexpect client.cwnd == 7300 bytes`,
  ],
  [
    'CUBIC multiplies by 0.7 (RFC 9438 section 4.6)',
    `host client { sack on, congestion cubic, iw 20 segments }\nhost server { sack on }\n${OPEN}drop 1st data from client\nclient write 29200 bytes\nwait 30ms\nexpect client.ssthresh == 20440 bytes`,
  ],
  [
    'slow start grows by one segment for each ACK (RFC 5681 section 3.1)',
    `host server { delayed-ack 40ms }\n${OPEN}client write 14600 bytes\nwait 30ms\nexpect client.cwnd == 21900 bytes`,
  ],
  [
    'slow start of FreeBSD grows by what an ACK of two segments acknowledges (RFC 3465 section 2.3)',
    `host client { profile freebsd }\nhost server { profile freebsd }\n${OPEN}client write 14480 bytes\nwait 30ms\nexpect client.cwnd == 28960 bytes`,
  ],
];

describe('where a profile departs from the RFCs, and where it does not', () => {
  it.each(SCRIPTS)('%s', (_name, text) => {
    const { outcome, checks } = reportOf(finished(text));
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.length).toBeGreaterThan(0);
    expect(outcome).toBe('passed');
  });
});
