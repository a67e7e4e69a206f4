import type { IcmpError } from './icmp';
import type { Octets } from './octets';
import type { RuleId } from './rules';
import type { Endpoint } from './segment';
import type { TcpState } from './states';

/**
 * What an application asks of its TCP (RFC 9293 section 3.9.1), plus `set` and `read-mode`, which stand for socket
 * options and for how the application reads.
 */
export type UserCall =
  /** OPEN; an active one names the remote host. */
  | { readonly kind: 'open-passive' }
  | { readonly kind: 'open-active'; readonly remoteHost: string }
  /** SEND. */
  | { readonly kind: 'send'; readonly octets: Octets; readonly push: boolean; readonly urgent: boolean }
  /** RECEIVE; `lengthBytes` null takes all there is. */
  | { readonly kind: 'receive'; readonly lengthBytes: number | null }
  /** CLOSE. */
  | { readonly kind: 'close' }
  /** The sockets' shutdown(SHUT_WR): ends the sending direction only. */
  | { readonly kind: 'shutdown' }
  | { readonly kind: 'abort' }
  /** Stands for a crash: the host loses the connection without a word (RFC 9293 section 3.5.1). */
  | { readonly kind: 'forget' }
  | { readonly kind: 'status' }
  /** `read off` and `read on`: whether the application takes data by itself as it arrives. */
  | { readonly kind: 'read-mode'; readonly automatic: boolean }
  /** A change of a host option while the connection lives, such as `nodelay on`. */
  | { readonly kind: 'set'; readonly option: string; readonly value: number | boolean };

/** The name of a call as RFC 9293 section 3.9.1 writes it, for people and for JSON. */
export const CALL_NAMES: Readonly<Record<UserCall['kind'], string>> = {
  'open-passive': 'OPEN',
  'open-active': 'OPEN',
  send: 'SEND',
  receive: 'RECEIVE',
  close: 'CLOSE',
  shutdown: 'SHUTDOWN',
  abort: 'ABORT',
  forget: 'FORGET',
  status: 'STATUS',
  'read-mode': 'READ-MODE',
  set: 'SET',
};

/** What STATUS tells of a connection (RFC 9293 section 3.9.1.5). */
export interface ConnectionStatus {
  readonly state: TcpState;
  readonly local: Endpoint;
  /** null while it is with nobody. */
  readonly remote: Endpoint | null;
  /** RCV.WND and SND.WND in bytes; null before the remote side has told anything. */
  readonly receiveWindowBytes: number | null;
  readonly sendWindowBytes: number | null;
  /** Sequence numbers that are sent and not acknowledged. */
  readonly unacknowledged: number;
  /** Octets that the application has not read yet, and how many of them up to the end of urgent data. */
  readonly unreadBytes: number;
  readonly urgentBytes: number;
  /** Microseconds; null for no such limit. */
  readonly userTimeoutUs: number | null;
}

/** What a call returned: `ok`, or RFC 9293 section 3.10's error text such as `connection does not exist`. */
export type CallResult =
  | {
      readonly ok: true;
      readonly queuedBytes?: number;
      readonly deliveredBytes?: number;
      /** RECEIVE: the last octet of these was pushed, so that fewer than asked for may have come (RFC 9293 section 3.9.1.3). */
      readonly pushed?: boolean;
      /** RECEIVE: so many octets more are to be read up to the end of the urgent data; absent when there is none. */
      readonly urgentBytes?: number;
      /** The call waits; a `call-completed` event follows. */
      readonly pending?: boolean;
      /** What STATUS returns. */
      readonly status?: ConnectionStatus;
    }
  /** `rule` says why the call failed. */
  | { readonly ok: false; readonly error: CallError; readonly rule?: RuleId };

/** The error returns of RFC 9293 section 3.10, word for word where the RFC has words. */
export type CallError =
  | 'connection does not exist'
  | 'connection already exists'
  | 'connection illegal for this process'
  | 'remote socket unspecified'
  | 'connection closing'
  | 'insufficient resources'
  | 'connection reset'
  | 'connection refused'
  | 'connection aborted due to user timeout'
  | 'not supported'
  /** What ICMP told, where the connection ended by it or timed out after it (RFC 5927 section 2.2). */
  | IcmpError;
