import { describe, expect, it } from 'vitest';
import { octetsLength } from '../../src/engine/octets';
import { segmentRecords } from '../../src/engine/sim/world';
import { runDiagnostics } from '../../src/session/judgements';
import { finished, remarks, reportOf } from './support';

const OPEN = 'server listen\nclient connect\nwait until server is ESTABLISHED\n';

describe('STATUS', () => {
  const text = `server listen\nserver status\nclient connect\nwait until server is ESTABLISHED\nserver read off
client write 100 bytes\nclient write 1 bytes urgent\nclient write 50 bytes\nclient status\nwait 100ms
server status\nserver read 50 bytes\nserver status\nserver read all\nserver status\n`;
  const report = reportOf(finished(text));
  const answers = report.calls.filter(({ call }) => call === 'STATUS').map(({ status }) => status);

  it('tells state, sockets, windows and what waits (RFC 9293 section 3.9.1.5)', () => {
    expect(answers.map((status) => status?.state)).toEqual(['LISTEN', ...new Array<string>(4).fill('ESTABLISHED')]);
    expect(answers[0]).toMatchObject({ remote: null, receiveWindowBytes: null, sendWindowBytes: null });
    expect(answers[1]).toMatchObject({ unacknowledged: 151, unreadBytes: 0, urgentBytes: 0 });
    expect(answers[2]).toEqual({
      state: 'ESTABLISHED',
      local: { address: '10.0.0.2', port: 80 },
      remote: { address: '10.0.0.1', port: 49152 },
      receiveWindowBytes: 65_384,
      sendWindowBytes: 65_535,
      unacknowledged: 0,
      unreadBytes: 151,
      urgentBytes: 101,
      userTimeoutUs: null,
    });
    expect(answers.slice(2).map((status) => [status?.unreadBytes, status?.urgentBytes])).toEqual([
      [151, 101],
      [101, 51],
      [0, 0],
    ]);
  });

  it('is said in words', () => {
    const session = finished(text);
    const titles = Array.from({ length: session.momentCount }, (_, index) => session.moment(index).title);
    expect(titles.filter((title) => title.includes('STATUS: '))).toContain(
      'server calls STATUS: ESTABLISHED, send window 65535 bytes, receive window 65384 bytes, nothing unacknowledged, 151 bytes to read (urgent up to byte 101)',
    );
    expect(titles).toContain('server calls STATUS: LISTEN');
  });
});

describe('RCV.UP', () => {
  it('stays at the end of urgent data until that is read, and then goes along with RCV.NXT', () => {
    const session = finished(
      `${OPEN}server read off\nclient write 100 bytes\nclient write 1 bytes urgent\nclient write 50 bytes\nwait 100ms
expect server.RCV.UP == client.ISS + 102 and server.RCV.NXT == client.ISS + 152 and server.urgent == 101
server read 101 bytes\nexpect server.RCV.UP == server.RCV.NXT and server.urgent == 0
client write 5 bytes\nwait 100ms\nexpect server.RCV.UP == server.RCV.NXT
client write 2 bytes urgent\nwait 100ms\nclient write 3 bytes\nclient close\nwait 100ms
expect server.RCV.UP == client.ISS + 159 and server.urgent == 57`,
    );
    expect(remarks(session)).toEqual([]);
  });
});

describe('a check that means the other of `sent` and `received`', () => {
  const messages = (text: string): string[] => runDiagnostics(finished(text)).map(({ message }) => message);
  const PIECES = `${OPEN}client write 60 bytes\nclient write 20 bytes\n`;

  it.each([
    ['expect client sent 80 bytes', '`server received 80 bytes` asks for that.'],
    ['expect server received 20 bytes', '`client sent 20 bytes` asks for one segment of that length.'],
  ])('%s', (check, hint) => {
    const [message, ...more] = messages(`${PIECES}${check}\n`);
    expect(more).toEqual([]);
    expect(message).toContain(hint);
  });

  it('a text is found as well', () => {
    const [message] = messages(`${OPEN}client write "ab"\nclient write "cd"\nexpect client sent "abcd"\n`);
    expect(message).toContain('in all, client sent 4 bytes: `server received "abcd"` asks for that.');
  });

  it.each([
    'expect client sent 70 bytes',
    'expect server received 70 bytes',
    'expect client sent FIN',
    'expect client sent RST 80 bytes',
  ])('%s gets no such hint', (check) => {
    const [message] = messages(`${PIECES}${check}\n`);
    expect(message).not.toMatch(/asks for (that|one segment)/);
  });
});

describe('how many segments were sent', () => {
  const TEXT = `${OPEN}client write 1 bytes\nwait 50ms\nclient write 1 bytes\nwait 50ms\nat 500ms { client write 1 bytes }
wait until client sent data 3 times\nexpect client sent data seq +1 1 times\nclient abort\nclient connect\nwait 50ms
client write 1 bytes\nrun\nexpect client sent data 4 times\nexpect client sent data seq +1 1 times`;

  it('is the same wherever one stands, and however one came there', () => {
    const session = finished(TEXT);
    const told = finished(TEXT, { keep: 'moments' });
    expect(remarks(session)).toEqual([]);
    expect(remarks(told)).toEqual([]);
    const last = session.momentCount - 1;
    for (const moment of [last, 0, 12, last - 1, Math.floor(last / 2), 5, last]) {
      session.travel(moment);
      const sent = segmentRecords(session.world()).filter(
        ({ from, segment }) => from === 'client' && octetsLength(segment.payload) > 0,
      );
      const times = sent.length === 0 ? 'not client sent data' : `client sent data ${sent.length} times`;
      expect(session.evaluate(times)).toMatchObject({ value: 'true' });
      expect(session.moment(moment)).toEqual(told.moment(moment));
    }
  });
});
