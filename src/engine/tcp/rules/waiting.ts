import type { Rule } from '../../rules';
import { companion, required, rfc9293 } from './make';

/** Why a TCP sends nothing now: what each of its reasons to wait rests on. */
export const WAITING_RULES = {
  'wait-closed': rfc9293('3.3.2', 'In CLOSED there is no connection, and so nobody to send anything to.'),
  'wait-for-syn': rfc9293('3.10.7.2', 'In LISTEN TCP is silent until the SYN of a remote host arrives.'),
  'wait-for-syn-ack': required(
    '3.8.3',
    'MUST-22',
    'The SYN has left: until its answer arrives TCP only repeats it, when the retransmission timer expires.',
  ),
  'wait-for-handshake-ack': required(
    '3.8.3',
    'MUST-22',
    'The SYN-ACK has left: until it is acknowledged TCP only repeats it, when the retransmission timer expires.',
  ),
  'wait-for-established': rfc9293(
    '3.10.2',
    'Data that is handed over before the connection is ESTABLISHED is queued and sent after entering that state.',
  ),
  'wait-close-queued': rfc9293(
    '3.10.4',
    'A CLOSE in SYN-RECEIVED with data queued waits until the connection is ESTABLISHED.',
  ),
  'wait-due': rfc9293('3.10.7', 'TCP has something to send and sends it in its next step.'),
  'wait-window-closed': required(
    '3.8.6.1',
    'MUST-36',
    'A closed window lets no data out; the persist timer sees to it that the window is probed.',
  ),
  'wait-window-full': rfc9293(
    '3.8.6',
    'What is on its way fills the window that the remote side offers: more may leave when an ACK moves its right edge.',
  ),
  'wait-silly-window': required(
    '3.8.6.2.1',
    'MUST-38',
    'TCP sends no less than a full segment, all that is queued, or half of the largest window; the override timer bounds the wait.',
  ),
  'wait-nagle': required(
    '3.7.4',
    'SHLD-7',
    'Nagle: a small segment waits while something sent before is not acknowledged, so that small writes are gathered.',
  ),
  'wait-cwnd': required(
    '3.8.2',
    'MUST-19',
    'The congestion window bounds how much may be on its way at once; an ACK makes room.',
  ),
  'wait-prr': companion(
    9937,
    '6',
    'During recovery the quota of what may leave is what has arrived, in proportion; it is used up until the next ACK.',
  ),
  'wait-limited-transmit': companion(
    3042,
    '2',
    'The first two duplicate ACKs let one new segment out each, and no more.',
  ),
  'wait-lost-cwnd': companion(
    6675,
    '5',
    'Segments that are taken to be lost are sent again as the congestion window has room; now it has none.',
  ),
  'wait-lost-window': companion(
    5681,
    '3.1',
    'The congestion window bounds what may be on its way, and so what is sent again as well; now it has no room.',
  ),
  'wait-frto': companion(
    5682,
    '2.1',
    'After a timeout new data goes before what may be lost: the ACK of it tells whether anything was.',
  ),
  'wait-delayed-ack': required(
    '3.8.6.3',
    'SHLD-18',
    'An ACK may wait a little for data to ride on; a second full segment would be acknowledged at once.',
  ),
  'wait-challenge-limit': companion(
    5961,
    '7',
    'ACKs that answer segments which can not be right are limited in number, since such segments can come in a flood.',
  ),
  'wait-fin-behind-data': rfc9293(
    '3.10.4',
    'The FIN follows all the data that is queued, in the order of sequence numbers.',
  ),
  'wait-fin-window': rfc9293(
    '3.8.6',
    'The FIN takes a sequence number, and the window of the remote side has no room for it.',
  ),
  'wait-for-ack': companion(
    6298,
    '5',
    'What was sent waits for its ACK; TCP sends it again when the retransmission timer expires.',
  ),
  'wait-for-fin-ack': rfc9293('3.10.7.4', 'The FIN has left, and nothing may follow it: TCP waits for its ACK.'),
  'wait-tail-probe': companion(
    8985,
    '7.2',
    'What was sent waits for its ACK; without one, a probe of the tail leaves after about two round trips.',
  ),
  'wait-reordering': companion(
    8985,
    '6.2',
    'Segments that were overtaken may only be late: they are sent again when they have had their time.',
  ),
  'wait-for-fin': rfc9293(
    '3.6',
    'This side has closed and its FIN is acknowledged: it sends nothing but ACKs until the remote side closes too.',
  ),
  'wait-for-close': rfc9293(
    '3.6',
    'The remote side has closed; this side may still send, and sends its FIN when its own application closes.',
  ),
  'wait-time-wait': required(
    '3.6.1',
    'MUST-13',
    'In TIME-WAIT TCP only answers what comes again, until 2 MSL are over.',
  ),
  'wait-for-read': rfc9293(
    '3.8.6',
    'The receive buffer is full of octets that the application has not read, so the remote side may not send.',
  ),
  'wait-for-room': required(
    '3.8.6.2.2',
    'MUST-39',
    'The window is told anew only when it can open by a worthwhile step: a full segment or half of the buffer.',
  ),
  'wait-keep-alive': required(
    '3.8.4',
    'MUST-26',
    'Nothing is on its way; when nothing is heard for the keep-alive time, TCP asks whether the other side is still there.',
  ),
  'wait-nothing': rfc9293(
    '3.10.2',
    'All that the application has handed over is sent and acknowledged: there is nothing to send.',
  ),
} as const satisfies Record<string, Rule>;
