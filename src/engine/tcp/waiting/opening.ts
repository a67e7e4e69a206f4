import type { Row } from './row';
import { at, bytes, inState, none } from './row';

/** The connection is not open (yet). */
export const OPENING: readonly Row[] = [
  {
    rule: 'wait-closed',
    holds: 'nothing',
    applies: inState('CLOSED'),
    numbers: none,
    text: () => 'There is no connection: it is CLOSED.',
  },
  {
    rule: 'wait-for-syn',
    holds: 'nothing',
    applies: inState('LISTEN'),
    numbers: none,
    text: () => 'It listens, and waits for the SYN of a remote host.',
  },
  {
    rule: 'wait-for-syn-ack',
    holds: 'nothing',
    applies: inState('SYN-SENT'),
    numbers: none,
    text: (_, facts) =>
      `Its SYN has left and waits for the answer${at(facts, 'retransmission', '; it is sent again at')}.`,
    timer: 'retransmission',
  },
  {
    rule: 'wait-for-handshake-ack',
    holds: 'nothing',
    applies: inState('SYN-RECEIVED'),
    numbers: none,
    text: (_, facts) =>
      `Its SYN has left and waits for its acknowledgment${at(facts, 'retransmission', '; it is sent again at')}.`,
    timer: 'retransmission',
  },
  {
    rule: 'wait-for-established',
    holds: 'data',
    applies: ({ tcb, unsent }) => (tcb.state === 'SYN-SENT' || tcb.state === 'SYN-RECEIVED') && unsent > 0,
    numbers: ({ unsent }) => ({ unsentBytes: unsent }),
    text: ({ unsentBytes: count }) => `${bytes(count)} wait for the connection to be ESTABLISHED.`,
  },
  {
    rule: 'wait-close-queued',
    holds: 'fin',
    applies: ({ tcb }) => tcb.state === 'SYN-RECEIVED' && tcb.owed.fin !== null,
    numbers: none,
    text: () => 'The FIN waits for the connection to be ESTABLISHED.',
  },
];
