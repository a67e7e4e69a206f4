/** The states of a connection, in the order of RFC 9293 section 3.3.2. */
export const STATES = [
  'CLOSED',
  'LISTEN',
  'SYN-SENT',
  'SYN-RECEIVED',
  'ESTABLISHED',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'CLOSE-WAIT',
  'CLOSING',
  'LAST-ACK',
  'TIME-WAIT',
] as const;

/** A connection state of RFC 9293 section 3.3.2. */
export type TcpState = (typeof STATES)[number];
