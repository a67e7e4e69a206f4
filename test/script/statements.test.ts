import { describe, expect, it } from 'vitest';
import { FLAG } from '../../src/engine/segment';
import { formatScript } from '../../src/script';
import { scenarioOf, statementOf, THREE_HOSTS } from './support';

const any = {
  kind: 'any',
  flags: 0,
  lengthBytes: null,
  text: null,
  seq: null,
  ack: null,
  wnd: null,
  up: null,
  options: null,
};
const flags = (bits: number, more: object = {}) => ({ ...any, kind: 'flags', flags: bits, ...more });
const data = (more: object = {}) => ({ ...any, kind: 'data', ...more });

describe('calls', () => {
  it.each([
    ['server listen', { kind: 'open-passive' }],
    ['client connect to server', { kind: 'open-active', remoteHost: 'server' }],
    [
      'client write 4000 bytes',
      { kind: 'send', octets: { kind: 'pattern', start: 0, lengthBytes: 4000 }, push: false, urgent: false },
    ],
    [
      'client write 64KiB push',
      { kind: 'send', octets: { kind: 'pattern', start: 0, lengthBytes: 65536 }, push: true, urgent: false },
    ],
    [
      'client write "é\\n\\x41" urgent push',
      { kind: 'send', octets: { kind: 'bytes', bytes: Uint8Array.of(0xc3, 0xa9, 10, 65) }, push: true, urgent: true },
    ],
    ['client read', { kind: 'receive', lengthBytes: null }],
    ['client read all', { kind: 'receive', lengthBytes: null }],
    ['client read 100 bytes', { kind: 'receive', lengthBytes: 100 }],
    ['client read off', { kind: 'read-mode', automatic: false }],
    ['client read on', { kind: 'read-mode', automatic: true }],
    ['client close', { kind: 'close' }],
    ['client shutdown', { kind: 'shutdown' }],
    ['client abort', { kind: 'abort' }],
    ['client status', { kind: 'status' }],
    ['client set nodelay on', { kind: 'set', option: 'nodelay', value: true }],
    ['client set delayed-ack 40ms', { kind: 'set', option: 'delayed-ack', value: 40_000 }],
    ['client set user-timeout off', { kind: 'set', option: 'user-timeout', value: false }],
  ])('%s', (line, call) => {
    expect(statementOf(line)).toMatchObject({ kind: 'call', host: line.split(' ')[0], call, text: line });
  });

  it('goes on with the pattern where the last write of the same host ended', () => {
    const { body } = scenarioOf('client write 10 bytes\nserver write 5 bytes\nclient write 7 bytes');
    expect(
      body.map((statement) => statement.kind === 'call' && statement.call.kind === 'send' && statement.call.octets),
    ).toEqual([
      { kind: 'pattern', start: 0, lengthBytes: 10 },
      { kind: 'pattern', start: 0, lengthBytes: 5 },
      { kind: 'pattern', start: 10, lengthBytes: 7 },
    ]);
  });

  it('connects to the only other host', () => {
    expect(scenarioOf('client connect').body[0]).toMatchObject({ call: { kind: 'open-active', remoteHost: 'server' } });
    expect(scenarioOf('server connect').body[0]).toMatchObject({ call: { kind: 'open-active', remoteHost: 'client' } });
  });
});

describe('segments', () => {
  it.each([
    ['SYN', flags(FLAG.SYN)],
    ['syn-ack', flags(FLAG.SYN | FLAG.ACK)],
    ['SYN,ACK', flags(FLAG.SYN | FLAG.ACK)],
    ['FIN + ACK', flags(FLAG.FIN | FLAG.ACK)],
    ['PSH-ACK-URG up 5', flags(FLAG.PSH | FLAG.ACK | FLAG.URG, { up: 5 })],
    ['ECE-CWR', flags(FLAG.ECE | FLAG.CWR)],
    ['ACK ack 1001', flags(FLAG.ACK, { ack: { kind: 'absolute', value: 1001 } })],
    ['ack', flags(FLAG.ACK)],
    [
      'FIN seq +1 ack -2',
      flags(FLAG.FIN, { seq: { kind: 'relative', offset: 1 }, ack: { kind: 'relative', offset: -2 } }),
    ],
    [
      'SYN seq 0 win 65535 <mss 1460, sack, ts 1 0, wscale 7>',
      flags(FLAG.SYN, {
        seq: { kind: 'absolute', value: 0 },
        wnd: 65535,
        options: { mss: 1460, sackOK: true, ts: [1, 0], wscale: 7 },
      }),
    ],
    ['1000 bytes', data({ lengthBytes: 1000 })],
    ['1KiB seq +1', data({ lengthBytes: 1024, seq: { kind: 'relative', offset: 1 } })],
    ['"GET /"', data({ text: 'GET /' })],
    ['FIN 20 bytes', flags(FLAG.FIN, { lengthBytes: 20 })],
    ['ACK len 0', flags(FLAG.ACK, { lengthBytes: 0 })],
    ['data', data()],
    ['any', any],
  ])('%s', (segment, pattern) => {
    expect(statementOf(`client send ${segment}`)).toMatchObject({
      kind: 'send',
      host: 'client',
      pattern,
      withinUs: null,
    });
  });

  it('takes a bound', () => {
    expect(statementOf('client send SYN within 1.5s')).toMatchObject({ withinUs: 1_500_000 });
  });

  it.each([
    ['attacker inject RST seq 1001 spoof server', { spoof: 'server', to: null }],
    ['attacker inject RST to client spoof server', { spoof: 'server', to: 'client' }],
    ['attacker inject 10 bytes', { spoof: null, to: null, pattern: data({ lengthBytes: 10 }) }],
  ])('%s', (line, wanted) => {
    expect(statementOf(line)).toMatchObject({ kind: 'inject', host: 'attacker', ...wanted });
  });
});

describe('the network', () => {
  const next = (count: number) => ({ kind: 'next', count });
  it.each([
    ['drop next', { action: { kind: 'drop' }, count: next(1), pattern: any, from: null }],
    ['drop next 3', { count: next(3), pattern: any }],
    ['drop next 3 SYN', { count: next(3), pattern: flags(FLAG.SYN) }],
    ['drop next 2 1000 bytes from client', { count: next(2), pattern: data({ lengthBytes: 1000 }), from: 'client' }],
    ['drop next 1000 bytes', { count: next(1), pattern: data({ lengthBytes: 1000 }) }],
    ['drop 3rd data from client', { count: { kind: 'nth', ordinal: 3 }, pattern: data(), from: 'client' }],
    ['drop every 4th data from client', { count: { kind: 'every', step: 4 }, pattern: data() }],
    ['drop every SYN', { count: { kind: 'every', step: 1 }, pattern: flags(FLAG.SYN) }],
    ['delay next data by 50ms', { action: { kind: 'delay', byUs: 50_000 } }],
    ['delay next by 50ms from server', { action: { kind: 'delay', byUs: 50_000 }, from: 'server' }],
    ['duplicate 2nd data from client', { action: { kind: 'duplicate', byUs: 0 }, count: { kind: 'nth', ordinal: 2 } }],
    ['duplicate next SYN by 20ms', { action: { kind: 'duplicate', byUs: 20_000 }, count: { kind: 'next', count: 1 } }],
    ['reorder next', { action: { kind: 'reorder' } }],
    ['corrupt next FIN', { action: { kind: 'corrupt' } }],
    ['mark next data CE', { action: { kind: 'mark' } }],
  ])('%s', (line, wanted) => {
    expect(statementOf(line)).toMatchObject({ kind: 'fault', ...wanted });
  });

  it.each([
    ['hold client -> server', { kind: 'hold', from: 'client', to: 'server' }],
    ['hold', { kind: 'hold', from: null, to: null }],
    ['release', { kind: 'release', from: null, to: null }],
    ['release client->server', { kind: 'release', from: 'client', to: 'server' }],
    ['link down', { kind: 'set-link', from: null, to: null, change: { up: false }, forUs: null }],
    ['link down for 5s', { kind: 'set-link', change: { up: false }, forUs: 5_000_000 }],
    ['link up', { kind: 'set-link', change: { up: true } }],
    ['link client -> server down', { kind: 'set-link', from: 'client', to: 'server', change: { up: false } }],
    [
      'set link delay 50ms, loss 1%, queue off',
      { kind: 'set-link', from: null, change: { delayUs: 50_000, loss: 0.01, queueSegments: null } },
    ],
    [
      'set link server -> client rate 10Mbps',
      { kind: 'set-link', from: 'server', to: 'client', change: { rateBps: 10_000_000 } },
    ],
  ])('%s', (line, wanted) => {
    expect(statementOf(line)).toMatchObject(wanted);
  });

  it('takes both directions of a pair among more than two hosts', () => {
    const { body } = scenarioOf(`${THREE_HOSTS}link client -- attacker down`);
    expect(body).toMatchObject([
      { kind: 'set-link', from: 'client', to: 'attacker' },
      { kind: 'set-link', from: 'attacker', to: 'client' },
    ]);
  });
});

describe('time', () => {
  it.each([
    ['wait 200ms', { kind: 'wait', durationUs: 200_000 }],
    ['wait 250us', { kind: 'wait', durationUs: 250 }],
    ['wait 2msl', { kind: 'wait', durationUs: 60_000_000 }],
    ['wait 1e3 ms', { kind: 'wait', durationUs: 1_000_000 }],
    ['wait 0.3s', { kind: 'wait', durationUs: 300_000 }],
    ['wait 2 minutes', { kind: 'wait', durationUs: 120_000_000 }],
    ['run', { kind: 'run' }],
    [
      'wait until server is ESTABLISHED within 2s',
      { kind: 'wait-until', condition: { kind: 'state', host: 'server', state: 'ESTABLISHED' }, withinUs: 2_000_000 },
    ],
    [
      'at 1.2s { client close; server close }',
      { kind: 'at', timeUs: 1_200_000, body: [{ call: { kind: 'close' }, host: 'client' }, { host: 'server' }] },
    ],
    [
      'on server is close_wait { wait 1s\nserver close }',
      {
        kind: 'on',
        host: 'server',
        trigger: { kind: 'state', state: 'CLOSE-WAIT' },
        body: [{ kind: 'wait' }, { kind: 'call' }],
      },
    ],
    [
      'on server receives FIN\n{\nserver close\n}',
      { kind: 'on', trigger: { kind: 'receives', pattern: flags(FLAG.FIN) }, body: [{ kind: 'call' }] },
    ],
  ])('%s', (line, wanted) => {
    expect(statementOf(line)).toMatchObject(wanted);
  });
});

describe('checks', () => {
  const variable = (host: string, name: string, unit: string) => ({ kind: 'variable', host, name, unit });
  it.each([
    ['client is SYN-SENT', { kind: 'state', host: 'client', state: 'SYN-SENT' }],
    ['client is syn_sent', { kind: 'state', state: 'SYN-SENT' }],
    ['server is listen', { kind: 'state', state: 'LISTEN' }],
    ['client is not Closed', { kind: 'not', operand: { kind: 'state', state: 'CLOSED' } }],
    [
      'server.RCV.NXT == client.ISS + 1',
      {
        kind: 'compare',
        operator: '==',
        left: variable('server', 'RCV.NXT', 'seq'),
        right: {
          kind: 'binary',
          operator: '+',
          left: variable('client', 'ISS', 'seq'),
          right: { kind: 'number', value: 1 },
          unit: 'seq',
        },
      },
    ],
    [
      'client.snd.nxt - client.ISS >= 1 bytes',
      { kind: 'compare', operator: '>=', left: { kind: 'binary', operator: '-', unit: 'bytes' } },
    ],
    ['client.RTO < 2 * 1.5s', { kind: 'compare', operator: '<', right: { kind: 'binary', operator: '*', unit: 'us' } }],
    ['(client.ISS + 1) != -(2 - 3)', { kind: 'compare', operator: '!=', right: { kind: 'negate' } }],
    ['client.nagle', { kind: 'holds', expression: { kind: 'variable', name: 'nagle', unit: 'boolean' } }],
    ['not client.recovery', { kind: 'not', operand: { kind: 'holds', expression: { name: 'recovery' } } }],
    ['client sent SYN', { kind: 'sent', host: 'client', pattern: flags(FLAG.SYN), times: null }],
    ['client sent SYN 2 times', { kind: 'sent', pattern: flags(FLAG.SYN), times: 2 }],
    ['client sent 1000 bytes 3 times', { kind: 'sent', pattern: data({ lengthBytes: 1000 }), times: 3 }],
    ['server received 4000 bytes', { kind: 'received', lengthBytes: 4000, octetsText: null }],
    ['server received "GET /"', { kind: 'received', lengthBytes: null, octetsText: 'GET /' }],
    ['segment lost', { kind: 'segment-lost' }],
    ['client error reset', { kind: 'error', host: 'client', error: 'reset' }],
    ['client error any', { kind: 'error', error: 'any' }],
    ['quiet for 1s', { kind: 'quiet', forUs: 1_000_000 }],
    ['not segment lost', { kind: 'not', operand: { kind: 'segment-lost' } }],
    [
      'client is CLOSED and server is CLOSED or segment lost',
      {
        kind: 'or',
        operands: [{ kind: 'and', operands: [{ kind: 'state' }, { kind: 'state' }] }, { kind: 'segment-lost' }],
      },
    ],
    ['not (client is CLOSED or segment lost)', { kind: 'not', operand: { kind: 'or' } }],
  ])('expect %s', (condition, wanted) => {
    const formatted = formatScript(`expect ${condition}`).trim();
    expect(statementOf(`expect   ${condition}   within 2 s`)).toMatchObject({
      kind: 'expect',
      now: false,
      withinUs: 2_000_000,
      text: `${formatted} within 2s`,
      condition: { ...wanted, text: formatted.slice('expect '.length) },
    });
    expect(statementOf(`expect now ${condition}`)).toMatchObject({ now: true, withinUs: null });
  });
});

describe('lines', () => {
  it('tells where a statement stands and what it says, without its comment', () => {
    const { body } = scenarioOf('  server listen ; client send SYN # hello\r\n\r\nwait 1s // and wait');
    expect(body.map(({ span, text }) => [span.line, span.column, span.endColumn, text])).toEqual([
      [1, 3, 16, 'server listen'],
      [1, 19, 34, 'client send SYN'],
      [3, 1, 8, 'wait 1s'],
    ]);
  });

  it('keeps comment signs, braces and semicolons inside strings', () => {
    expect(scenarioOf('client write "a # b // c ; { } \\" d"').body[0]).toMatchObject({
      call: { octets: { bytes: new TextEncoder().encode('a # b // c ; { } " d') } },
    });
  });
});
