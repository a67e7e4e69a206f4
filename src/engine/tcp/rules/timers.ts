import type { Rule } from '../../rules';
import { companion, required, rfc9293 } from './make';

/** Why timers start and stop, and what their ends do (RFC 9293 section 3.10.8, RFC 6298). */
export const TIMER_RULES = {
  'rto-start': companion(6298, '5.1', 'Something was sent that needs an ACK, so the retransmission timer starts.'),
  'rto-all-acknowledged': companion(
    6298,
    '5.2',
    'Everything sent has been acknowledged, so the retransmission timer stops.',
  ),
  'rto-restart': companion(
    6298,
    '5.3',
    'New data was acknowledged and more is on its way, so the retransmission timer starts again from the full RTO.',
  ),
  'rto-back-off': companion(
    6298,
    '5.5',
    'The timer expired, perhaps because the network is slower than thought: RTO doubles, up to its upper bound, before the timer starts again.',
    'MUST-19',
  ),
  'syn-linear-timeout': companion(
    6298,
    '5.5',
    'This host sends its first SYNs at even steps (`syn-linear-timeouts`): the timer starts again with the same RTO, which doubles only later.',
  ),
  'retransmission-timeout': rfc9293(
    '3.10.8',
    'No ACK came within RTO, so the segment is taken to be lost, and the oldest one that is not acknowledged is sent again.',
  ),
  'syn-timeout': required(
    '3.8.3',
    'MUST-22',
    'No ACK of our SYN came within RTO, so the SYN is taken to be lost and is sent again.',
  ),
  'r1-reached': required(
    '3.8.3',
    'SHLD-9',
    'The same segment has been sent again three times (threshold R1): something on the way may be broken, and the application is told.',
  ),
  'give-up': required(
    '3.8.3',
    'MUST-20',
    'The same segment has been sent again as often as threshold R2 allows without an answer: TCP gives the connection up and tells the application.',
  ),
  'give-up-listen': required(
    '3.8.3',
    'MUST-22',
    'The SYN-ACK has been sent again as often as threshold R2 allows without an answer: the listening side forgets it and returns to LISTEN.',
  ),
  'open-timeout': rfc9293(
    '3.8.3',
    'This host gives a connection only so long to be opened, and nobody has answered in that time: TCP gives the attempt up and tells the application.',
  ),
  'user-timeout': required(
    '3.10.8',
    'MUST-21',
    'The user timeout is over: what the application sent was not acknowledged in that time, so TCP aborts the connection and tells it.',
  ),
  'persist-start': required(
    '3.8.6.1',
    'SHLD-29',
    'Something waits to be sent and the window forbids it, so the persist timer starts: without it both sides could wait for each other forever.',
  ),
  'keep-alive-start': required(
    '3.8.4',
    'MUST-26',
    'The keep-alive timer runs while nothing is heard: the application asked for keep-alives.',
  ),
  'keep-alive-off': required(
    '3.8.4',
    'MUST-24',
    'The application does not want keep-alives any more, so the keep-alive timer stops.',
  ),
  'keep-alive-timeout': required(
    '3.8.4',
    'SHLD-12',
    'Nothing was heard for the keep-alive time, so TCP asks whether the other side is still there, with a number that it must answer.',
  ),
  'keep-alive-heard': required(
    '3.8.4',
    'MUST-26',
    'Something was heard, or is on its way, since the keep-alive timer was started: the connection is not idle, and the timer only starts again.',
  ),
  'keep-alive-over': required(
    '3.8.4',
    'MUST-27',
    'Several keep-alives went unanswered, so TCP takes the other side for gone and tells the application; a single lost one does not mean that.',
  ),
  'persist-stop': rfc9293('3.8.6.1', 'Nothing is held back by the window any more, so the persist timer stops.'),
  'delayed-ack-start': required(
    '3.8.6.3',
    'SHLD-18',
    'The ACK may wait a little: perhaps data or another segment comes and one ACK serves both.',
  ),
  'delayed-ack-stop': required(
    '3.8.6.3',
    'MUST-58',
    'The ACK has left with a segment, so there is nothing to delay any more.',
  ),
  'delayed-ack-timeout': required(
    '3.8.6.3',
    'MUST-40',
    'The ACK has been delayed as long as it may be, so it is sent now by itself.',
  ),
  'time-wait-start': required(
    '3.6.1',
    'MUST-13',
    'TIME-WAIT lasts 2 MSL: by then every old segment has left the network, and a FIN that comes again can still be acknowledged.',
  ),
  'time-wait-timeout': required(
    '3.10.8',
    'MUST-13',
    'The 2 MSL of TIME-WAIT are over: nothing of this connection can be in the network any more, so it is deleted.',
  ),
  'fin-wait-2-over': required(
    '3.6.1',
    'MAY-1',
    'The remote side has not closed within the time that this host waits for it in FIN-WAIT-2, and nobody reads any more: the connection is deleted.',
  ),
  'report-withheld': required(
    '3.9.1.8',
    'SHLD-20',
    'The application wants no reports of trouble that does not end the connection, so it is not told.',
  ),
} as const satisfies Record<string, Rule>;
