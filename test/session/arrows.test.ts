import { describe, expect, it } from 'vitest';
import { finalStates, finished, HANDSHAKE, remarks, reportOf, transcript } from './support';

const SHAKEN = ['0 client SYN seq=0', '10 server SYN-ACK seq=0 ack=1', '20 client ACK seq=1 ack=1'];

describe('arrows in a textbook order', () => {
  it('runs the shortest whole script', () => {
    const session = finished(HANDSHAKE);
    expect(transcript(session)).toEqual(SHAKEN);
    expect(session.outcome()).toBe('passed');
    expect(finalStates(session)).toBe('client ESTABLISHED, server ESTABLISHED');
  });

  it('waits for the retransmitted SYN when the first is dropped', () => {
    const session = finished(`scenario "Lost SYN"
host client at 10.0.0.1:49152 { isn 1000 }
host server at 10.0.0.2:80    { isn 5000 }
link { delay 10ms }
server listen
drop next
client send SYN
expect client is SYN-SENT
server send SYN-ACK
client send ACK
expect server is ESTABLISHED
expect server.RCV.NXT == client.ISS + 1
`);
    expect(transcript(session)).toEqual([
      '0 client SYN seq=0 dropped',
      '1000 client SYN seq=0',
      '1010 server SYN-ACK seq=0 ack=1',
      '1020 client ACK seq=1 ack=1',
    ]);
    expect(reportOf(session).checks.map(({ line, ok }) => [line, ok])).toEqual([
      [7, true],
      [8, true],
      [9, true],
      [10, true],
      [11, true],
      [12, true],
    ]);
    expect(reportOf(session).endUs).toBe(1_030_000);
  });

  it('closes in four segments when the ACK has an arrow of its own', () => {
    const session = finished(`${HANDSHAKE}client send FIN\nserver send ACK\nserver send FIN\nclient send ACK\n`);
    expect(transcript(session).slice(3)).toEqual([
      '20 client FIN-ACK seq=1 ack=1',
      '30 server ACK seq=1 ack=2',
      '30 server FIN-ACK seq=1 ack=2',
      '40 client ACK seq=2 ack=2',
    ]);
    expect(finalStates(session)).toBe('client TIME-WAIT, server CLOSED');
  });

  it('closes in three segments when the FIN carries the ACK', () => {
    const session = finished(`${HANDSHAKE}client send FIN\nserver send FIN-ACK\nclient send ACK\n`);
    expect(transcript(session).slice(3)).toEqual([
      '20 client FIN-ACK seq=1 ack=1',
      '30 server FIN-ACK seq=1 ack=2',
      '40 client ACK seq=2 ack=2',
    ]);
  });

  it('lets a check between FIN and FIN-ACK look without forcing the ACK out', () => {
    const session = finished(
      `${HANDSHAKE}client send FIN\nexpect server is CLOSE-WAIT\nserver send FIN-ACK\nclient send ACK\n`,
    );
    expect(session.outcome()).toBe('passed');
    expect(transcript(session)).toHaveLength(6);
  });

  it('does not take an ACK that nobody mentioned for the ACK of a later FIN', () => {
    const session = finished(
      `${HANDSHAKE}client send 1000 bytes\nclient send 1000 bytes\nserver send ACK\nclient send FIN\nserver send ACK\nserver send FIN\nclient send ACK\n`,
    );
    expect(session.outcome()).toBe('passed');
    const [lastAck, fin] = transcript(session).slice(-3);
    expect(lastAck).toMatch(/server ACK seq=1 ack=2002$/);
    expect(fin).toMatch(/server FIN-ACK seq=1 ack=2002$/);
  });

  it('opens with a SYN that asks for ECN', () => {
    const ecn = 'host client { ecn on }\nhost server { ecn passive }\nserver listen\n';
    const session = finished(`${ecn}client send SYN-ECE-CWR\nserver send SYN-ACK-ECE\nclient send ACK\n`);
    expect(transcript(session)[0]).toBe('0 client SYN-ECE-CWR seq=0');
    expect(remarks(session)).toEqual([]);
  });

  it('claims what TCP has sent by itself before it makes a call', () => {
    const session = finished(
      `${HANDSHAKE}client write 3000 bytes\nclient send 1460 bytes\nclient send 1460 bytes\nclient send 80 bytes\n`,
    );
    expect(session.outcome()).toBe('passed');
    expect(reportOf(session).calls.filter(({ call }) => call === 'SEND')).toHaveLength(1);
  });

  it('sends text as octets that the other side reads', () => {
    const session = finished(
      `${HANDSHAKE}client send "안녕 GET /"\nserver send ACK\nexpect server received "안녕 GET /"\n`,
    );
    expect(session.outcome()).toBe('passed');
  });

  it.each([
    ['RST', 'client send RST\nexpect server is CLOSED\nexpect server error reset\n', 'client CLOSED, server CLOSED'],
    ['FIN', 'client send FIN\nserver send ACK\nexpect client is FIN-WAIT-2\n', 'client FIN-WAIT-2, server CLOSE-WAIT'],
  ])('makes the call behind %s', (_name, lines, states) => {
    const session = finished(HANDSHAKE + lines);
    expect(remarks(session)).toEqual([]);
    expect(finalStates(session)).toBe(states);
  });

  it('runs with sequence numbers that wrap', () => {
    const hosts = 'host client at 10.0.0.1:49152 { isn 4294967295 }\nhost server at 10.0.0.2:80 { isn 4294967290 }\n';
    const session = finished(
      `${hosts}${HANDSHAKE}client send 1000 bytes\nserver send ACK\nserver send 100 bytes\nclient send ACK\n`,
    );
    expect(session.outcome()).toBe('passed');
    expect(transcript(session).slice(3, 5)).toEqual([
      '20 client PSH-ACK seq=1 ack=1 len=1000',
      '30 server ACK seq=1 ack=1001',
    ]);
  });
});

describe('an arrow that TCP would not draw', () => {
  it('says that nobody listens, and fades what follows', () => {
    const session = finished('client send SYN\nserver send SYN-ACK\nclient send ACK\n');
    expect(session.outcome()).toBe('failed');
    expect(remarks(session)).toEqual(['2 send-refused', '3 not-reached']);
    const [, check] = session.checks();
    expect(check?.actual).toContain('RST');
    expect(check?.why).toContain('server listen');
    expect(check?.reference).toMatch(/^RFC 9293 3\./);
  });

  it('names the drop that is to blame', () => {
    const session = finished(
      'server listen\ndrop next 20 from server\nclient send SYN\nserver send SYN-ACK\nclient send ACK\n',
    );
    const failed = session.checks().find(({ ok }) => !ok);
    expect(failed?.span.line).toBe(5);
    expect(failed?.related.map(({ span }) => span.line)).toContain(2);
  });

  it('stops at its bound of time', () => {
    const session = finished(`${HANDSHAKE}server send FIN within 50ms\nclient send FIN-ACK within 5ms\n`);
    expect(session.outcome()).toBe('passed');
    const late = finished(`${HANDSHAKE}client send ACK within 70ms\n`);
    expect(remarks(late)).toEqual(['5 send-refused']);
    expect(reportOf(late).endUs).toBe(90_000);
  });

  it('says that data is longer than a segment', () => {
    const session = finished(`${HANDSHAKE}client send 5000 bytes within 1s\n`);
    expect(session.checks().at(-1)?.why).toContain('1460');
  });

  it('says which error the call returns', () => {
    const session = finished('client send FIN within 1s\n');
    expect(session.checks()[0]?.why).toContain('connection does not exist');
  });
});

describe('why a line failed', () => {
  const why = (text: string) => finished(text).checks().at(-1)?.why ?? '';

  it.each([
    [
      'a field that TCP would not give the segment',
      'host client { isn 1000 }\nserver listen\nclient send SYN seq 7 within 1s\n',
      /TCP would send SYN seq 1000 win 65535 <mss 1460>/,
    ],
    [
      'what was sent instead',
      `host client { isn 1000 }\n${HANDSHAKE}expect client sent SYN <mss 1440>\n`,
      /client sent only: SYN seq 1000 .*<mss 1460>/,
    ],
    ['nothing sent at all', 'expect client sent SYN\n', /client has sent nothing/],
    [
      'bytes that nobody has read',
      `server read off\n${HANDSHAKE}client send 10 bytes\nexpect server received 10 bytes\n`,
      /10 bytes more have arrived and wait for `server read`/,
    ],
    [
      'bytes that arrived out of order',
      `${HANDSHAKE}drop next data\nclient write 2000 bytes\nexpect server received 2000 bytes\n`,
      /540 bytes more have arrived out of order/,
    ],
    [
      'a link that is too narrow',
      `${HANDSHAKE}set link mtu 576, icmp off\nclient write 1000 bytes\nexpect server received 1000 bytes\n`,
      /larger than the MTU/,
    ],
  ])('%s', (_name, text, reason) => {
    expect(why(text)).toMatch(reason);
  });
});
