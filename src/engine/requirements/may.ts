import { asks, leftOut, NO_DIFFSERV, outside, type Requirement } from './make';

/** What a TCP may do (MAY), by the number of the requirement. */
export const MAY = {
  'MAY-1': asks('3.6.1', 'CLOSE may end receiving too (a half-duplex close).'),
  'MAY-2': asks('3.6.1', 'A newer SYN may open a new connection out of TIME-WAIT.'),
  'MAY-3': asks('3.7.1', 'The MSS option may be sent in every SYN, whatever its value.'),
  'MAY-4': outside(
    '3.8.1',
    'A retransmission that is equal to the first sending may have the same IPv4 identification.',
    'The simulation never fragments, so that the identification is always 0 (RFC 6864).',
  ),
  'MAY-5': asks('3.8.4', 'TCP may send keep-alives on an idle connection.'),
  'MAY-6': asks('3.8.4', 'A keep-alive may carry one octet that means nothing.'),
  'MAY-7': asks('3.8.6', 'Data beyond a shrunken window may be sent again.'),
  'MAY-8': asks('3.8.6.1', 'A receiver may keep its window closed for as long as it likes.'),
  'MAY-9': outside(
    '3.9.1.9',
    'The Differentiated Services field that came may be shown to the application.',
    NO_DIFFSERV,
  ),
  'MAY-10': outside(
    '3.9.2',
    'The IP Timestamp option may be supported.',
    'Datagrams of the simulation carry no IP options.',
  ),
  'MAY-11': outside(
    '3.9.2',
    'The IP Record Route option may be supported.',
    'Datagrams of the simulation carry no IP options.',
  ),
  'MAY-12': asks(
    '3.10.7.4',
    'An ACK that is far too old may be refused, so that nobody can inject data blindly (RFC 5961).',
  ),
  'MAY-13': asks('3.10.7.4', 'A segment that comes ahead of RCV.NXT may be answered by an ACK at once.'),
  'MAY-14': leftOut(
    '3.9.1.7',
    'A FLUSH call may throw away queued data that lies beyond the window.',
    'The socket calls have no such call, and nobody misses it in a script.',
  ),
  'MAY-15': asks('3.9.1.2', 'SEND may have a PUSH flag.'),
  'MAY-16': leftOut(
    '3.9.1.2',
    'Data that was not pushed may be gathered before it is sent.',
    'TCP treats all data as pushed; the Nagle algorithm does the gathering.',
  ),
  'MAY-17': leftOut(
    '3.9.1.3',
    'The PSH bit of what arrives may be shown to the application.',
    'Data is handed over as soon as it is in order, pushed or not.',
  ),
  'MAY-18': asks('3.8.2', 'Other congestion control that conforms to the standards may be used, such as CUBIC.'),
} as const satisfies Record<string, Requirement>;
