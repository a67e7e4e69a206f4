import { maySendData } from '../windows';
import type { Row } from './row';
import { at, bytes, inState, none } from './row';

/** The application has closed. */
export const CLOSING: readonly Row[] = [
  {
    rule: 'wait-fin-behind-data',
    holds: 'fin',
    applies: ({ tcb, unsent }) => maySendData(tcb) && tcb.owed.fin !== null && unsent > 0,
    numbers: ({ unsent }) => ({ unsentBytes: unsent }),
    text: ({ unsentBytes: count }) => `The FIN waits behind ${bytes(count)} that have not been sent.`,
  },
  {
    rule: 'wait-fin-window',
    holds: 'fin',
    applies: ({ tcb, unsent, usable }) => maySendData(tcb) && tcb.owed.fin !== null && unsent === 0 && usable < 1,
    numbers: ({ tcb }) => ({ sendWindowBytes: tcb.snd.wnd }),
    text: ({ sendWindowBytes }, facts) =>
      `The send window of ${bytes(sendWindowBytes)} has no room for the FIN${at(facts, 'persist', '; the persist timer probes the window at')}.`,
    timer: 'persist',
  },
  {
    rule: 'wait-for-fin-ack',
    holds: 'nothing',
    applies: (facts) => facts.tcb.snd.fin !== null && inState('FIN-WAIT-1', 'CLOSING', 'LAST-ACK')(facts),
    numbers: none,
    text: (_, facts) =>
      `Its FIN has left and waits for its acknowledgment${at(facts, 'retransmission', '; it is sent again at')}.`,
    timer: 'retransmission',
  },
  {
    rule: 'wait-for-fin',
    holds: 'nothing',
    applies: inState('FIN-WAIT-2'),
    numbers: none,
    text: (_, facts) =>
      `It has closed and sends no more; it waits for the remote side to close${at(facts, 'time-wait', ', at most until')}.`,
    timer: 'time-wait',
  },
  {
    rule: 'wait-for-close',
    holds: 'nothing',
    applies: ({ tcb }) => tcb.state === 'CLOSE-WAIT' && tcb.owed.fin === null,
    numbers: none,
    text: () => 'The remote side has closed; the FIN of this side waits for its application to close.',
  },
  {
    rule: 'wait-time-wait',
    holds: 'nothing',
    applies: inState('TIME-WAIT'),
    numbers: none,
    text: (_, facts) =>
      `The connection is over, and only what comes again is answered${at(facts, 'time-wait', ', until')}.`,
    timer: 'time-wait',
  },
];
