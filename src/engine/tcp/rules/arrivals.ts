import type { Rule } from '../../rules';
import { check, companion, rfc9293 } from './make';

/** SEGMENT ARRIVES in CLOSED, LISTEN and SYN-SENT (RFC 9293 sections 3.10.7.1 to 3.10.7.3). */
const OPENING_RULES = {
  'closed-ignores-reset': rfc9293(
    '3.10.7.1',
    'There is no connection here, and a RST is never answered by a RST: it is dropped.',
  ),
  'closed-answers-reset': rfc9293(
    '3.10.7.1',
    'No connection here fits this segment, so TCP drops it and answers with a RST that tells the sender so.',
  ),

  'listen-ignores-reset': check(
    '3.10.7.2',
    'first',
    'In LISTEN nothing has been sent yet that a RST could be the answer to, so it is ignored.',
  ),
  'listen-ack-reset': check(
    '3.10.7.2',
    'second',
    'In LISTEN nothing has been sent yet that could be acknowledged, so any ACK is wrong and is answered by a RST.',
  ),
  'listen-syn': check(
    '3.10.7.2',
    'third',
    'A SYN reaches the listening side: it notes the sequence number, answers with SYN-ACK, and enters SYN-RECEIVED.',
  ),
  'listen-drops-other': check(
    '3.10.7.2',
    'fourth',
    'In LISTEN only a SYN can begin something: a segment without SYN, ACK and RST is dropped.',
  ),

  'syn-sent-bad-ack': check(
    '3.10.7.3',
    'first',
    'The ACK does not acknowledge our SYN, so the segment belongs to some other connection: it is dropped and answered by a RST.',
  ),
  'syn-sent-reset-bad-ack': check(
    '3.10.7.3',
    'first',
    'The RST does not acknowledge our SYN, so it is not an answer to it (perhaps a forgery) and is dropped.',
  ),
  'syn-sent-reset': check(
    '3.10.7.3',
    'second',
    'A RST acknowledges our SYN: the remote host refuses the connection, so the application is told and TCP goes back to CLOSED.',
    'MUST-12',
  ),
  'syn-sent-reset-no-ack': check(
    '3.10.7.3',
    'second',
    'A RST in SYN-SENT counts only when it acknowledges our SYN; this one has no ACK and is dropped.',
  ),
  'syn-sent-established': check(
    '3.10.7.3',
    'fourth',
    'The SYN-ACK brings the remote sequence number and acknowledges our SYN: the connection is ESTABLISHED here, and an ACK goes back.',
  ),
  'syn-cookie': companion(
    4987,
    '3.6',
    'The backlog is full, so nothing is kept of this SYN: all that has to be remembered is packed into the ISN of the SYN-ACK, a cookie that the last ACK brings back.',
  ),
  'cookie-accepted': companion(
    4987,
    '3.6',
    'The ACK brings a cookie back that only this host can have made a short while ago: the connection is set up from what the cookie says.',
  ),
  'cookie-wrong': companion(
    4987,
    '3.6',
    'The ACK brings back a number that is no cookie of this host, or one that is too old: there is no such connection, so a RST is sent.',
  ),
  'syn-sent-simultaneous': check(
    '3.10.7.3',
    'fourth',
    'A SYN arrives while our own is on its way: both sides open at the same time, so TCP answers with SYN-ACK and enters SYN-RECEIVED.',
    'MUST-10',
  ),
  'syn-sent-drops-other': check(
    '3.10.7.3',
    'fifth',
    'In SYN-SENT only a SYN or a RST can be an answer: a segment with neither is dropped.',
  ),
  'text-with-syn': rfc9293(
    '3.10.7.2',
    'Data or a FIN that came with the SYN is kept until the connection is ESTABLISHED.',
  ),
} as const satisfies Record<string, Rule>;

/** First to fourth check (RFC 9293 section 3.10.7.4). */
const SEQUENCE_RULES = {
  'time-wait-reopen': {
    rfc: 9293,
    section: '3.6.1',
    requirement: 'MAY-2',
    text: 'The SYN is newer than everything of the old connection, so TIME-WAIT need not be waited out: a new connection begins here.',
  },
  'time-wait-ignores-reset': companion(
    1337,
    '3',
    'A RST could end TIME-WAIT before every old segment has left the network, so it is ignored here.',
  ),
  'timestamp-old': companion(
    7323,
    '5.3',
    'The timestamp is older than the last one taken, so this is an old duplicate whose numbers may have wrapped: it is dropped and answered by an ACK.',
  ),
  'timestamp-old-ack': companion(
    7323,
    '5.3',
    'An ACK without data was overtaken by later segments: it tells nothing, and nothing has to answer it.',
  ),
  'timestamp-missing': companion(
    7323,
    '3.2',
    'Both sides agreed to put timestamps on every segment; this one has none and is silently dropped.',
  ),
  'unacceptable-ack': check(
    '3.10.7.4',
    'first',
    'The sequence numbers lie outside of the receive window (often an old duplicate), so the segment is dropped and an ACK says what is expected next.',
  ),
  'closed-window-ack': check(
    '3.10.7.4',
    'first',
    'The receive window is closed, so no data is taken; but the ACK, URG and RST of the segment count, and an ACK shows the window again.',
    'MUST-66',
  ),
  'duplicate-syn': check(
    '3.10.7.4',
    'first',
    'The same SYN came again, so the remote side has not heard our SYN-ACK: it is sent once more.',
  ),
  'duplicate-syn-ack': check(
    '3.10.7.4',
    'first',
    'Both sides opened at once: the SYN in this SYN-ACK is known already and is trimmed off, its ACK counts, and an ACK goes back.',
    'MUST-10',
  ),
  'reset-outside-window': check(
    '3.10.7.4',
    'first',
    'The sequence number of this RST lies outside of the receive window, so it may be old or forged and is silently dropped.',
  ),
  'time-wait-restart': check(
    '3.10.7.4',
    'fifth',
    'A remote FIN in TIME-WAIT most likely came again because our ACK of it was lost: it is acknowledged once more, and the 2 MSL wait begins anew.',
    'MUST-13',
  ),
  'brief-ignores': check(
    '3.10.7.4',
    'first',
    'Only a record of this connection is left, and the segment brings nothing that it waits for: it is ignored.',
  ),
  'syn-to-brief': check(
    '3.10.7.4',
    'fourth',
    'Only a record of this connection is left, which waits for a FIN: a SYN ends it, and is answered by a RST.',
  ),
  'challenge-limit': companion(
    5961,
    '7',
    'An ACK that answered such a segment left a moment ago; another one is not sent so soon, since it could be part of a flood.',
  ),
  'unacceptable-unanswered': companion(
    5961,
    '7',
    'The sequence numbers lie outside of the receive window, so the segment is dropped; no ACK answers it, since the limit of such ACKs is reached.',
  ),
  'timestamp-old-unanswered': companion(
    5961,
    '7',
    'The timestamp is older than the last one taken, so the segment is dropped; no ACK answers it, since the limit of such ACKs is reached.',
  ),
  'reset-unanswered': companion(
    5961,
    '7',
    'The RST is not exactly at RCV.NXT, so it may be forged and is dropped; no challenge ACK answers it, since the limit of such ACKs is reached.',
  ),
  'syn-unanswered': companion(
    5961,
    '7',
    'A SYN has no place in a running connection and is dropped; no challenge ACK answers it, since the limit of such ACKs is reached.',
  ),
  'ack-not-yet-sent-unanswered': companion(
    5961,
    '7',
    'The ACK is for something that was never sent, so the segment is dropped; no ACK answers it, since the limit of such ACKs is reached.',
  ),
  'ack-too-old-unanswered': companion(
    5961,
    '7',
    'The ACK is older than anything that could still be on its way, so the segment is dropped; no ACK answers it, since the limit of such ACKs is reached.',
  ),
  'reset-challenge-ack': check(
    '3.10.7.4',
    'second',
    'The RST is in the window (or just past a closed one) but not exactly at RCV.NXT, so it may be forged: it is dropped, and a challenge ACK asks the remote side to confirm.',
  ),
  'reset-connection': check(
    '3.10.7.4',
    'second',
    'A RST exactly at RCV.NXT: the remote side has given the connection up, so the application is told and TCP goes to CLOSED.',
    'MUST-12',
  ),
  'reset-closing': check(
    '3.10.7.4',
    'second',
    'A RST exactly at RCV.NXT after both sides have closed: there is nobody left to tell, and TCP goes to CLOSED.',
  ),
  'reset-to-listen': check(
    '3.10.7.4',
    'second',
    'A RST ends the handshake, and this side was only listening: it returns to LISTEN, and the application does not need to know.',
    'MUST-11',
  ),
  'reset-refused': check(
    '3.10.7.4',
    'second',
    'A RST ends the handshake that this side had begun: the connection was refused, and the application is told.',
    'MUST-11',
  ),
  'syn-to-listen': check(
    '3.10.7.4',
    'fourth',
    'Another SYN arrives inside the window before the handshake is over: the listening side forgets the first and returns to LISTEN.',
    'MUST-11',
  ),
  'syn-challenge-ack': check(
    '3.10.7.4',
    'fourth',
    'A SYN has no place in a running connection and may be forged: it is dropped, and a challenge ACK asks the remote side to confirm.',
  ),
} as const satisfies Record<string, Rule>;

/** Fifth check (RFC 9293 section 3.10.7.4). */
const ACK_RULES = {
  'no-ack-dropped': check(
    '3.10.7.4',
    'fifth',
    'After the handshake has begun every segment has to carry an ACK; one without is dropped.',
  ),
  'syn-received-established': check(
    '3.10.7.4',
    'fifth',
    'Our SYN is acknowledged, so both sides know both sequence numbers: the handshake is complete and the connection is ESTABLISHED.',
  ),
  'syn-received-bad-ack': check(
    '3.10.7.4',
    'fifth',
    'The ACK does not acknowledge our SYN, so the segment belongs to another connection: it is dropped and answered by a RST.',
  ),
  'ack-not-yet-sent': check(
    '3.10.7.4',
    'fifth',
    'The ACK is for something that was never sent, so the segment is dropped and an ACK says where this side really is.',
  ),
  'ack-too-old': check(
    '3.10.7.4',
    'fifth',
    'The ACK is older than anything that could still be on its way, so the segment may be forged: it is dropped and answered by an ACK.',
    'MAY-12',
  ),
  'ack-advances': check(
    '3.10.7.4',
    'fifth',
    'The ACK acknowledges something new: SND.UNA moves up, and what is acknowledged leaves the retransmission queue.',
  ),
  'ack-duplicate': {
    rfc: 5681,
    section: '2',
    requirement: null,
    text: 'The ACK repeats the last one while data is on its way: a duplicate ACK, a sign that a segment is missing or out of order.',
  },
  'window-updated': check(
    '3.10.7.4',
    'fifth',
    'The segment is newer than the last one that told the window, so SND.WND takes its value.',
  ),
  'fin-wait-2': check(
    '3.10.7.4',
    'fifth',
    'Our FIN is acknowledged: our direction is closed, and in FIN-WAIT-2 TCP waits for the remote side to close its own.',
  ),
  'closing-time-wait': check(
    '3.10.7.4',
    'fifth',
    'Both sides have closed at once, and now our FIN is acknowledged too: TIME-WAIT makes sure that nothing old is left in the network.',
    'MUST-13',
  ),
  'last-ack-closed': check(
    '3.10.7.4',
    'fifth',
    'Our FIN, the last thing this side sent, is acknowledged: the connection is over and TCP goes to CLOSED.',
  ),
} as const satisfies Record<string, Rule>;

/** Sixth to eighth step (RFC 9293 section 3.10.7.4). */
const TEXT_RULES = {
  'text-in-order': {
    rfc: 9293,
    section: '3.10.7.4',
    step: 'seventh, process the segment text',
    requirement: null,
    text: 'The data begins exactly at RCV.NXT: TCP takes it, moves RCV.NXT over it, and owes an ACK.',
  },
  'text-gap-filled': {
    rfc: 9293,
    section: '3.10.7.4',
    step: 'seventh, process the segment text',
    requirement: 'MUST-59',
    text: 'The missing data has come and joins up with what was kept: RCV.NXT moves over all of it, and one ACK covers it.',
  },
  'text-with-syn-taken': rfc9293(
    '3.10.7.2',
    'The connection is ESTABLISHED, so the data that came with the SYN is processed now: RCV.NXT moves over it, and an ACK covers it.',
  ),
  'text-out-of-order': {
    rfc: 9293,
    section: '3.10.7.4',
    step: 'first check',
    requirement: 'SHLD-31',
    text: 'The data (or FIN) lies ahead of RCV.NXT, so something before it is missing: it is kept for later, and an ACK at once repeats what is expected next.',
  },
  'text-after-fin': {
    rfc: 9293,
    section: '3.10.7.4',
    step: 'seventh, process the segment text',
    requirement: null,
    text: 'The remote side has sent its FIN, so data behind that should not occur and is ignored.',
  },
  'text-beyond-fin': {
    rfc: 9293,
    section: '3.10.7.4',
    step: 'seventh, process the segment text',
    requirement: null,
    text: 'The remote side has sent its FIN, and this segment has data that goes on beyond it: one of the two is false, so the connection is reset.',
  },
  'fin-arrived': check(
    '3.10.7.4',
    'eighth',
    'The remote FIN says that no more data will come, so the application is told "connection closing".',
    'MUST-12',
  ),
  'fin-acknowledged': check(
    '3.10.7.4',
    'eighth',
    'A FIN occupies a sequence number: RCV.NXT moves over it, and an ACK for it goes back.',
  ),
  'fin-close-wait': check(
    '3.10.7.4',
    'eighth',
    'The remote side has closed its direction: in CLOSE-WAIT this side may still send until its own application closes.',
  ),
  'fin-closing': check(
    '3.10.7.4',
    'eighth',
    'The remote FIN arrives before the ACK of our own: both sides closed at the same time, and CLOSING waits for that ACK.',
  ),
  'fin-time-wait': check(
    '3.10.7.4',
    'eighth',
    'Now both directions are closed; this side closed first, so it stays in TIME-WAIT to answer a FIN that may come again.',
    'MUST-13',
  ),
} as const satisfies Record<string, Rule>;

/** SEGMENT ARRIVES (RFC 9293 section 3.10.7). */
export const ARRIVAL_RULES = { ...OPENING_RULES, ...SEQUENCE_RULES, ...ACK_RULES, ...TEXT_RULES } as const;
