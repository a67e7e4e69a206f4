import type { Rule } from '../../rules';
import { companion, required, rfc9293 } from './make';

/** What user calls do (RFC 9293 sections 3.10.1 to 3.10.6), and why one fails. */
export const CALL_RESULT_RULES = {
  'open-passive': rfc9293(
    '3.10.1',
    'A passive OPEN makes TCP wait in LISTEN for the SYN of a remote host; it sends nothing by itself.',
  ),
  'open-active': required(
    '3.10.1',
    'MUST-8',
    'An active OPEN chooses an initial sequence number, sends it to the remote host in a SYN, and waits in SYN-SENT for the answer.',
  ),
  'open-active-from-listen': rfc9293(
    '3.10.1',
    'An active OPEN in LISTEN turns the waiting side into the calling side: it sends a SYN and enters SYN-SENT.',
  ),
  'send-in-listen': rfc9293(
    '3.10.2',
    'A SEND in LISTEN that names the remote host makes the connection active: TCP sends a SYN first and keeps the data until the connection is established.',
  ),
  'send-completed': rfc9293(
    '3.10.7.4',
    'The remote host has acknowledged so much that what is left fits the send buffer, so the SEND that was waiting is done.',
  ),
  'deliver-receive': rfc9293(
    '3.10.3',
    'The octets have arrived in order and a RECEIVE asks for them, so it gets them.',
  ),
  'deliver-automatic': rfc9293(
    '3.10.7.4',
    'The octets are in order, and the application reads by itself, so TCP hands them over at once.',
  ),

  'close-listen': rfc9293('3.10.4', 'CLOSE in LISTEN only stops waiting: nobody is connected yet, so nothing is sent.'),
  'close-syn-sent': rfc9293(
    '3.10.4',
    'CLOSE in SYN-SENT gives the attempt up: the connection does not exist yet, so there is nothing to end with a FIN.',
  ),
  'close-syn-received': rfc9293(
    '3.10.4',
    'CLOSE in SYN-RECEIVED with nothing left to send goes straight to FIN-WAIT-1, and a FIN is sent.',
  ),
  'close-queued': rfc9293(
    '3.10.4',
    'The application closed before the handshake was over, with data still queued: the CLOSE waited for ESTABLISHED, and now FIN-WAIT-1 begins.',
  ),
  'close-established': rfc9293(
    '3.10.4',
    'CLOSE means "I have no more data to send": TCP enters FIN-WAIT-1 and sends a FIN after all the data that is queued.',
  ),
  'close-close-wait': rfc9293(
    '3.10.4',
    'The remote side has closed already; now this side closes too, so TCP sends its FIN after all the data that is queued.',
  ),
  'close-acknowledged': rfc9293(
    '3.10.7.4',
    'Our FIN is acknowledged, so the CLOSE is answered "ok"; the connection lives on until the remote side closes too.',
  ),

  'abort-listen': rfc9293('3.10.5', 'ABORT in LISTEN only stops waiting: there is no remote side to tell.'),
  'abort-syn-sent': rfc9293(
    '3.10.5',
    'ABORT in SYN-SENT forgets the attempt without a reset: the remote side has no connection to reset yet.',
  ),
  'abort-reset': rfc9293(
    '3.10.5',
    'ABORT throws away everything that is queued and sends a RST, so that the remote side ends the connection at once as well.',
  ),
  'abort-closing': rfc9293(
    '3.10.5',
    'Both sides have closed already, so ABORT just deletes the connection without sending anything.',
  ),

  'close-unread': companion(
    1122,
    '4.2.2.13',
    'The application closes without having read everything, so a reset tells the remote side that data was lost.',
    'SHLD-3',
  ),
  'text-after-close': companion(
    1122,
    '4.2.2.13',
    'Data has arrived after the application closed its socket: nobody will read it, and a reset says so.',
    'SHLD-3',
  ),
  'fin-wait-2-bound': required(
    '3.6.1',
    'MAY-1',
    'The application has closed its whole socket, so the connection does not wait for ever for the remote side to close.',
  ),
  crash: rfc9293(
    '3.5.1',
    'The host has lost its memory of the connection, so the connection is half-open: the other side learns of it when its next segment is answered by a reset.',
  ),

  'no-connection': rfc9293(
    '3.10',
    'The state is CLOSED, so there is no connection that this call could be about: OPEN it first.',
  ),
  'open-exists': required(
    '3.10.1',
    'MUST-41',
    'This connection exists already, so it can not be opened a second time.',
  ),
  'remote-unspecified': rfc9293(
    '3.10.1',
    'TCP can not send a SYN without knowing the remote host: the call has to name it.',
  ),
  'remote-invalid': required(
    '3.9.1.1',
    'MUST-46',
    'The remote address is a broadcast or multicast address, or none at all: a connection has exactly two ends, so the OPEN is refused.',
  ),
  'send-closing': rfc9293('3.10.2', 'After CLOSE nothing more may be sent: the FIN promises that no data follows it.'),
  'send-buffer-full': rfc9293(
    '3.10.2',
    'The send buffer is full of data that is not acknowledged yet, so TCP can not remember more: "insufficient resources".',
  ),
  'receive-closing': rfc9293(
    '3.10.3',
    'The remote side has closed and everything it sent has been read, so there is nothing left to RECEIVE.',
  ),
  'too-many-receives': rfc9293(
    '3.10.3',
    'Too many RECEIVEs are waiting for data already, so TCP can not remember one more.',
  ),
  'close-closing': rfc9293('3.10.4', 'The connection is being closed already; a second FIN is never sent.'),
  'option-not-supported': rfc9293('3.9.1', 'TCP has no option of that name that takes this value.'),

  'open-timer-start': required(
    '3.8.3',
    'MUST-22',
    'A timer runs while the connection is being opened: when nobody has answered by its end, the attempt is given up.',
  ),
  'user-timer-start': required(
    '3.9.1.1',
    'MUST-21',
    'The user timeout runs while something is not acknowledged: the application wants to know when delivery takes too long.',
  ),
  'user-timer-stop': rfc9293('3.9.1.1', 'Everything has been acknowledged, so the user timeout is not needed now.'),
  'urgent-read': required(
    '3.8.5',
    'MUST-33',
    'The application has read up to the urgent pointer, so TCP tells it that no urgent data is left.',
  ),
  'receive-pushed': rfc9293(
    '3.9.1.3',
    'The sender has pushed what is here, so a RECEIVE that waits for more is answered with it.',
  ),
  'urgent-signal': required(
    '3.8.5',
    'MUST-32',
    'The urgent pointer has moved ahead of what the application has read, so TCP tells it that urgent data is on its way.',
  ),
} as const satisfies Record<string, Rule>;
