/** What a connection is about in a state: one colour each. */
export type StateClass = 'closed' | 'listening' | 'opening' | 'open' | 'closing' | 'waiting';

const CLASSES: Readonly<Record<string, StateClass>> = {
  CLOSED: 'closed',
  LISTEN: 'listening',
  'SYN-SENT': 'opening',
  'SYN-RECEIVED': 'opening',
  ESTABLISHED: 'open',
  'FIN-WAIT-1': 'closing',
  'FIN-WAIT-2': 'closing',
  'CLOSE-WAIT': 'closing',
  CLOSING: 'closing',
  'LAST-ACK': 'closing',
  'TIME-WAIT': 'waiting',
};

/** The class of a state of RFC 9293 section 3.3.2; a word that is none counts as closed. */
export function stateClass(state: string): StateClass {
  return CLASSES[state] ?? 'closed';
}
