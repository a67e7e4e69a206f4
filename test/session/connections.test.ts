import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/session';
import { finished, remarks, reportOf, sessionOf, transcript } from './support';

const HOSTS = 'host server\nhost alice { isn 1000 }\nhost bob { isn 2000 }\nhost carol { isn 3000 }\n';
const OPEN = `${HOSTS}server listen
alice connect to server
bob connect to server
carol connect to server
wait until server:carol is ESTABLISHED
`;

/** The failed checks of a script: what was expected, and what was there. */
function failures(text: string): string[] {
  return finished(text)
    .checks()
    .filter(({ ok }) => !ok)
    .map(({ expected, actual }) => `${expected} / ${actual}`);
}

describe('a connection by both its ends', () => {
  it('acts, is asked about, watched and claimed by itself', () => {
    const session = finished(`${OPEN}on server:bob is CLOSE-WAIT { server:bob close }
on server:bob receives FIN { alice write 7 bytes }
bob write 100 bytes
server:carol send 10 bytes
server:bob send ACK
expect server:bob received 100 bytes and server:alice received 0 bytes
expect carol received 10 bytes and server received 100 bytes
expect server:bob.RCV.NXT == bob.ISS + 101
expect server:alice.RCV.NXT == alice.ISS + 1
bob close
run
expect server:bob is CLOSED and server:alice received 7 bytes
expect server:alice is ESTABLISHED and server is ESTABLISHED
expect server:bob sent SYN-ACK 1 times and server sent SYN-ACK 3 times
`);
    expect(remarks(session)).toEqual([]);
  });

  it('a `send` of the bare host means its main connection: what it sends to others is not in its way', () => {
    const text = `${OPEN}carol write 50 bytes\nserver send 10 bytes\nexpect alice received 10 bytes\n`;
    expect(remarks(finished(text))).toEqual([]);
    const other = `${OPEN}carol write 50 bytes\nserver:bob send ACK within 1s\n`;
    expect(remarks(finished(other))).toEqual(['11 send-refused']);
  });

  it('the bare name goes over to the next connection when the main one has ended', () => {
    const session = finished(`${OPEN}alice abort
expect server:alice is CLOSED
expect server is ESTABLISHED and server.RCV.NXT == bob.ISS + 1
expect server:alice error reset and not server:bob error any
`);
    expect(remarks(session)).toEqual([]);
  });

  it('that there never was is CLOSED, has no variables, and can not be closed', () => {
    expect(failures(`${HOSTS}server listen\nexpect server:bob is ESTABLISHED\n`)).toEqual([
      'ESTABLISHED / CLOSED: server has no connection with bob',
    ]);
    expect(failures(`${HOSTS}server listen\nexpect server:bob.SND.NXT == 5\n`)).toHaveLength(1);
    expect(failures(`${HOSTS}server listen\nserver:bob close\n`)).toEqual([
      'CLOSE succeeds / error: connection does not exist',
    ]);
  });

  it('opens a connection of its own to each of several servers', () => {
    const session = finished(`${HOSTS}alice listen
bob listen
server:alice send SYN
server:bob connect
wait until server:bob is ESTABLISHED
expect server:alice is ESTABLISHED
server:bob write "to bob"
expect bob received "to bob" and alice received 0 bytes
`);
    expect(remarks(session)).toEqual([]);
    const ports = reportOf(session).hosts.server?.connections.map(({ name, local }) => `${name} ${local.port}`);
    expect(ports).toEqual(['server:alice 80', 'server:bob 49152']);
  });

  it('faults meet only what goes to the one peer', () => {
    const session = finished(`${OPEN}drop every data from server:bob
server:alice write 5 bytes
server:bob write 5 bytes
wait 100ms
expect alice received 5 bytes and bob received 0 bytes
`);
    expect(remarks(session)).toEqual([]);
  });

  it('a forged segment counts from the connection that it claims to belong to', () => {
    const session = finished(`${OPEN}bob write 500 bytes
wait 100ms
carol inject RST spoof bob to server
expect server:bob is CLOSED and server:alice is ESTABLISHED
`);
    expect(remarks(session)).toEqual([]);
    const [reset] = reportOf(session).segments.filter(({ flags }) => flags.includes('RST'));
    expect([reset?.seqRaw, reset?.seq]).toEqual([2501, 501]);
  });

  it('goes with hosts of IPv6, and with two machines that have two connections', () => {
    const text = `host server at [2001:db8::1]:80
host client at [2001:db8::2]:5000
host client2 at [2001:db8::2]:5001
server listen
client connect to server
client2 connect to server
wait until server:client2 is ESTABLISHED
client2 write "two"
client write "one"
expect server:client2 received "two" and server:client received "one"
`;
    expect(remarks(finished(text))).toEqual([]);
  });

  it('simultaneous opens with several do not disturb each other', () => {
    const text = `${HOSTS}alice listen
server:bob connect
bob connect to server
server:alice connect
run
expect server:bob is ESTABLISHED and bob is ESTABLISHED
expect server:alice is ESTABLISHED
`;
    expect(remarks(finished(text))).toEqual([]);
  });
});

describe('a run with several connections', () => {
  const SCRIPT = `${OPEN}bob write 4000 bytes
alice write 3000 bytes
carol close
server:bob write 2000 bytes
run
server:alice abort
run
`;

  it('is the same however it is walked through', () => {
    const straight = finished(SCRIPT);
    const walked = sessionOf(SCRIPT);
    while (walked.forward()) {
      if (walked.position % 7 !== 0) continue;
      walked.travel(Math.floor(walked.position / 3));
      walked.evaluate('server:bob');
      walked.travel(walked.momentCount - 1);
    }
    expect(transcript(walked)).toEqual(transcript(straight));
    expect(walked.momentCount).toBe(straight.momentCount);
    walked.travel(10);
    const there = walked.evaluate('server:bob.RCV.NXT');
    const again = sessionOf(SCRIPT);
    while (again.position < 10) again.forward();
    expect(there).toEqual(again.evaluate('server:bob.RCV.NXT'));
  });

  it('says of moments and events which connection they belong to', () => {
    const session = finished(SCRIPT);
    const moments = Array.from({ length: session.momentCount }, (_, index) => session.moment(index));
    const wrote = moments.find(({ title }) => title.includes('server:bob calls SEND'));
    expect([wrote?.host, wrote?.connection]).toEqual(['server', 'server:bob']);
    const closed = moments
      .flatMap(({ events }) => events)
      .find((event) => event.kind === 'state' && event.peer === 'carol');
    expect(closed).toMatchObject({ host: 'server', peer: 'carol', main: false });
  });

  it('answers for a host, a connection, and one that there is not', () => {
    const session = finished(OPEN);
    session.travel(session.momentCount - 1);
    const asked = ['server', 'server:bob', 'alice:server', 'alice:bob', 'server:bob is ESTABLISHED'];
    expect(asked.map((text) => session.evaluate(text))).toMatchObject([
      { value: 'ESTABLISHED' },
      { value: 'ESTABLISHED' },
      { value: 'ESTABLISHED' },
      { value: 'CLOSED: alice has no connection with bob' },
      { value: 'true' },
    ]);
    expect(session.evaluate('server:server')).toHaveProperty('error');
    expect(session.evaluate('server:dave.SND.NXT')).toHaveProperty('error');
  });

  it('reports each connection of a host; the main one gives the host its state', () => {
    const { hosts, states } = reportOf(finished(OPEN));
    expect(hosts.server?.connections.map(({ name, peer, main, state }) => [name, peer, main, state])).toEqual([
      ['server:alice', 'alice', true, 'ESTABLISHED'],
      ['server:bob', 'bob', false, 'ESTABLISHED'],
      ['server:carol', 'carol', false, 'ESTABLISHED'],
      ['server (listening)', null, false, 'LISTEN'],
    ]);
    expect(hosts.server?.tcb).toEqual(hosts.server?.connections[0]?.tcb);
    expect(states.filter(({ to, host }) => to === 'ESTABLISHED' && host === 'server').map(({ peer }) => peer)).toEqual([
      'alice',
      'bob',
      'carol',
    ]);
  });

  it('numbers the segments of a connection from its own ISNs, also after another one between the same sockets', () => {
    const session = finished(`${HOSTS}server listen
alice connect to server
wait 100ms
alice write 100 bytes
wait 100ms
alice abort
wait 1s
alice connect to server
wait 100ms
alice write 20 bytes
`);
    expect(transcript(session).filter((line) => line.includes('len='))).toEqual([
      '100 alice PSH-ACK seq=1 ack=1 len=100',
      '1300 alice PSH-ACK seq=1 ack=1 len=20',
    ]);
  });

  it('tells in the editor of each connection after a line', () => {
    const { scenarios } = analyze(OPEN);
    const last = scenarios[0]?.summaries.at(-1);
    expect(last?.states.map(({ name, state }) => `${name} ${state}`)).toContain('server:carol ESTABLISHED');
  });
});
