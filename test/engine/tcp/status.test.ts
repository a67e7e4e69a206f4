import { describe, expect, it } from 'vitest';
import type { ConnectionStatus } from '../../../src/engine/calls';
import { arrive, type Bench, call, inState, send, sent } from './harness';

/** What STATUS returns. */
function status(b: Bench): ConnectionStatus | undefined {
  const result = call(b, { kind: 'status' });
  return result.ok ? result.status : undefined;
}

describe('STATUS (RFC 9293 section 3.9.1.5)', () => {
  it('tells of nothing where there is no connection', () => {
    expect(call(inState('CLOSED'), { kind: 'status' })).toMatchObject({
      ok: false,
      error: 'connection does not exist',
    });
  });

  it('a passive OPEN has neither a remote socket nor windows', () => {
    expect(status(inState('LISTEN', { userTimeoutUs: 5_000_000 }))).toEqual({
      ...{ state: 'LISTEN', local: { address: '10.0.0.1', port: 4000 }, remote: null },
      ...{ receiveWindowBytes: null, sendWindowBytes: null, unacknowledged: 0, unreadBytes: 0, urgentBytes: 0 },
      userTimeoutUs: 5_000_000,
    });
  });

  it('a SYN waits for its acknowledgment, and no window is known', () => {
    expect(status(inState('SYN-SENT'))).toMatchObject({
      ...{ remote: { address: '10.0.0.2', port: 80 }, unacknowledged: 1 },
      ...{ receiveWindowBytes: null, sendWindowBytes: null },
    });
  });

  it('a connection has all', () => {
    const b = inState('ESTABLISHED', { autoRead: false });
    send(b, 700);
    sent(b);
    arrive(b, 'URG-ACK', { ack: 301, len: 100, up: 40, wnd: 9000 });
    expect(status(b)).toMatchObject({
      ...{ state: 'ESTABLISHED', receiveWindowBytes: 65_435, sendWindowBytes: 9000, unacknowledged: 400 },
      ...{ unreadBytes: 100, urgentBytes: 40, userTimeoutUs: null },
    });
  });
});
