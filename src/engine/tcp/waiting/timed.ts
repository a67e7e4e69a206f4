import { formatTimeUs } from '../../formatTime';
import { outstandingSegments } from '../retransmissionQueue';
import type { Tcb } from '../tcb';
import { timerRuns } from '../timers';
import { largestWindow, mayReceiveData } from '../windows';
import type { Row } from './row';
import { at, bytes, none, segments } from './row';

/** Something was sent, or is held back on purpose, and a timer runs. */
export const TIMED: readonly Row[] = [
  {
    rule: 'wait-delayed-ack',
    holds: 'ack',
    applies: ({ tcb }) => timerRuns(tcb, 'delayed-ack'),
    numbers: ({ tcb }) => ({ unacknowledgedBytes: tcb.rcv.unackedBytes }),
    text: ({ unacknowledgedBytes }, facts) =>
      `The ACK of ${bytes(unacknowledgedBytes)} is delayed${at(facts, 'delayed-ack', ' until')}; a second full segment would be acknowledged at once.`,
    timer: 'delayed-ack',
  },
  {
    rule: 'wait-challenge-limit',
    holds: 'nothing',
    applies: ({ tcb, nowUs }) => tcb.challenges.heldUntilUs > nowUs && tcb.irs !== null && tcb.state !== 'CLOSED',
    numbers: ({ tcb }) => ({ heldUntilUs: tcb.challenges.heldUntilUs }),
    text: ({ heldUntilUs }) =>
      `A segment that can not be right was not answered: the limit of challenge ACKs lets the next one out from ${formatTimeUs(heldUntilUs ?? 0)} on, when another such segment comes.`,
  },
  {
    rule: 'wait-for-ack',
    holds: 'nothing',
    applies: ({ tcb, idle }) => !idle && timerRuns(tcb, 'retransmission') && tcb.state !== 'SYN-SENT',
    numbers: ({ tcb }) => ({
      segments: outstandingSegments(tcb.retransmissionQueue),
      bytes: tcb.retransmissionQueue.bytes,
    }),
    text: ({ segments: count }, facts) =>
      `${segments(count)} that ${count === 1 ? 'was sent waits' : 'were sent wait'} for an ACK${at(facts, 'retransmission', '; the retransmission timer expires at')}.`,
    timer: 'retransmission',
  },
  {
    rule: 'wait-tail-probe',
    holds: 'nothing',
    applies: ({ tcb }) => timerRuns(tcb, 'loss-probe'),
    numbers: ({ tcb }) => ({ segments: outstandingSegments(tcb.retransmissionQueue) }),
    text: ({ segments: count }, facts) =>
      `${segments(count)} that ${count === 1 ? 'was sent waits' : 'were sent wait'} for an ACK${at(facts, 'loss-probe', '; a probe of the tail leaves at')}.`,
    timer: 'loss-probe',
  },
  {
    rule: 'wait-reordering',
    holds: 'lost',
    applies: ({ tcb }) => timerRuns(tcb, 'reordering'),
    numbers: none,
    text: (_, facts) =>
      `Segments that were overtaken may still arrive${at(facts, 'reordering', '; they have time until')}.`,
    timer: 'reordering',
  },
  {
    rule: 'wait-keep-alive',
    holds: 'nothing',
    applies: ({ tcb, idle }) => idle && timerRuns(tcb, 'keep-alive'),
    numbers: none,
    text: (_, facts) =>
      `Nothing is on its way${at(facts, 'keep-alive', '; a keep-alive is due at')} if nothing is heard.`,
    timer: 'keep-alive',
  },
];

/** What this side keeps the other from sending. */
export const RECEIVING: readonly Row[] = [
  {
    rule: 'wait-for-read',
    holds: 'nothing',
    applies: ({ tcb }) => mayReceiveData(tcb.state) && tcb.receiveBuffer.bytes > 0 && tcb.rcv.wnd === 0,
    numbers: ({ tcb }) => ({ unreadBytes: tcb.receiveBuffer.bytes }),
    text: ({ unreadBytes }) =>
      `${bytes(unreadBytes)} wait for the application to read them, and the window is closed until it does.`,
  },
  {
    rule: 'wait-for-room',
    holds: 'nothing',
    // Where memory is counted the window is chosen as an ACK leaves.
    applies: ({ tcb }) =>
      tcb.config.receiveMemory === null && mayReceiveData(tcb.state) && freeBytes(tcb) > tcb.rcv.wnd,
    numbers: ({ tcb }) => ({ freeBytes: freeBytes(tcb), receiveWindowBytes: tcb.rcv.wnd }),
    text: ({ freeBytes: free, receiveWindowBytes }) =>
      `The receive buffer has ${bytes(free)} free and the window is ${bytes(receiveWindowBytes)}: it opens when the step is worthwhile.`,
  },
];

function freeBytes(tcb: Tcb): number {
  return Math.max(0, Math.min(largestWindow(tcb), tcb.preferences.rcvbufBytes - tcb.receiveBuffer.bytes));
}
