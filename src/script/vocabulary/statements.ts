import { entriesOf } from './entry';

/** The words that a line begins with. */
export const STATEMENT_WORDS = entriesOf('statement', [
  [
    'scenario',
    ['scenario "TITLE"'],
    'Names what follows, up to the next `scenario`. Each scenario runs in a fresh world and is a test of its own.',
    null,
  ],
  [
    'host',
    ['host NAME at ADDRESS:PORT { OPTIONS }', 'host NAME'],
    'Declares an endpoint. `client` (10.0.0.1:49152) and `server` (10.0.0.2:80) exist without it.',
    null,
  ],
  [
    'link',
    [
      'link { OPTIONS }',
      'link A -> B { OPTIONS }',
      'link A -- B { OPTIONS }',
      'link down',
      'link down for 5s',
      'link A -> B down',
      'link up',
    ],
    'Says what the network between the hosts is like, or takes it down and up again. `->` is one direction, `--` is both.',
    null,
  ],
  [
    'set',
    ['set link OPTION, OPTION', 'set link A -> B OPTION', 'H set OPTION'],
    'Changes the link, or an option of a living connection, from this moment on.',
    null,
  ],
  ['hold', ['hold', 'hold A -> B'], 'Segments that enter the link wait in flight until `release`.', null],
  ['release', ['release', 'release A -> B'], 'Lets the segments that `hold` kept travel on.', null],
  [
    'wait',
    ['wait 200ms', 'wait until CONDITION', 'wait until CONDITION within 5s'],
    'Lets virtual time pass: a duration, or until something is true.',
    null,
  ],
  ['run', ['run'], 'Lets time pass until nothing is left to happen, TIME-WAIT included.', null],
  [
    'at',
    ['at 1.2s { STATEMENTS }'],
    'Does something at a moment of virtual time, counted from the beginning. It runs beside the script.',
    null,
  ],
  [
    'on',
    ['on H is STATE { STATEMENTS }', 'on H receives SEGMENT { STATEMENTS }'],
    'What the application does when the host becomes STATE, or is so already when the line is reached, or when a segment arrives. It runs beside the script; a `wait` in it delays only itself.',
    null,
  ],
  [
    'expect',
    ['expect CONDITION', 'expect CONDITION within 2s', 'expect now CONDITION'],
    'Checks something. First everything that is in flight towards the host in question arrives; `expect now` does not wait for that.',
    null,
  ],
]);

/** What the network does to segments. */
export const FAULT_WORDS = entriesOf('fault', [
  [
    'drop',
    ['drop next', 'drop next 3 SYN', 'drop 3rd data from client', 'drop every 4th data'],
    'The network loses segments: the next ones, the Kth, or every Kth, counted from this line on.',
    null,
  ],
  ['delay', ['delay next data by 50ms'], 'The network delays segments by an extra time.', null],
  [
    'duplicate',
    ['duplicate next', 'duplicate 2nd data from client', 'duplicate next SYN by 20ms'],
    'The network delivers a second copy, right after the first or an extra time later.',
    null,
  ],
  ['reorder', ['reorder next data'], 'The network lets the following segment overtake this one.', null],
  [
    'corrupt',
    ['corrupt next data'],
    'The network damages bits, so that the checksum fails on arrival and TCP throws the segment away.',
    'RFC 9293 3.1',
  ],
  ['mark', ['mark next data CE'], 'The network marks the segment: congestion experienced.', 'RFC 3168 5'],
]);

/** What follows a host: what its application does, and arrows. */
export const VERB_WORDS = entriesOf('verb', [
  ['listen', ['H listen'], 'A passive OPEN: the host waits for somebody to connect.', 'RFC 9293 3.9.1.1'],
  ['connect', ['H connect', 'H connect to H2'], 'An active OPEN: the host sends a SYN.', 'RFC 9293 3.9.1.1'],
  [
    'write',
    ['H write 4000 bytes', 'H write "GET /" push', 'H write 1 bytes urgent'],
    'SEND: the application hands data to its TCP.',
    'RFC 9293 3.9.1.2',
  ],
  [
    'read',
    ['H read', 'H read all', 'H read 100 bytes', 'H read off', 'H read on'],
    'RECEIVE: the application takes data. By itself it reads whatever comes, unless `read off` says otherwise.',
    'RFC 9293 3.9.1.3',
  ],
  [
    'close',
    ['H close'],
    'CLOSE: the application has no more to send; a FIN follows the data. It still receives.',
    'RFC 9293 3.9.1.4',
  ],
  ['shutdown', ['H shutdown'], 'Ends the sending direction only, as the socket call does.', 'RFC 9293 3.6'],
  ['abort', ['H abort'], 'ABORT: gives the connection up at once with a reset.', 'RFC 9293 3.9.1.6'],
  [
    'forget',
    ['H forget'],
    'The host crashes: it loses the connection without a word, so that the connection is half-open.',
    'RFC 9293 3.5.1',
  ],
  [
    'status',
    ['H status'],
    'STATUS: asks TCP for state, windows and what waits; the answer stands on the diagram.',
    'RFC 9293 3.9.1.5',
  ],
  [
    'send',
    ['H send SEGMENT', 'H send SEGMENT within 2s'],
    "Says that the host's TCP sends this segment: command and check in one. A segment that TCP has sent already is claimed; else the call that would send it is made; else time runs until TCP sends its next.",
    null,
  ],
  [
    'inject',
    [
      'H inject SEGMENT',
      'H inject RST seq 1001 spoof H2',
      'H inject ACK to H2',
      'H inject ICMP fragmentation-needed mtu 1400',
      'H inject ICMP port-unreachable about SEGMENT',
    ],
    'Forges a segment, legal or not, or an ICMP error message.',
    null,
  ],
]);

/** Small words between others. */
export const PREPOSITION_WORDS = entriesOf('preposition', [
  ['next', ['drop next', 'drop next 2 data'], 'The segments that come next, one if no number is given.', null],
  ['every', ['drop every 4th data', 'drop every SYN'], 'Each segment that fits, or each Kth of them.', null],
  ['from', ['drop next data from client'], 'Only segments of this host.', null],
  ['by', ['delay next by 50ms'], 'How much.', null],
  ['CE', ['mark next data CE'], 'Congestion experienced, the mark of a router whose queue grows.', 'RFC 3168 5'],
  ['to', ['client connect to server', 'attacker inject RST to client'], 'Whom it is meant for.', null],
  ['at', ['host client at 10.0.0.1:49152'], 'The address of a host.', null],
  [
    'spoof',
    ['attacker inject RST spoof server'],
    'The forged segment bears the address of this host. What the segment is stands before.',
    null,
  ],
  ['within', ['expect client is ESTABLISHED within 2s'], 'The longest time that it may take.', null],
  ['until', ['wait until server is ESTABLISHED'], 'Waits for a condition.', null],
  ['for', ['link down for 5s', 'expect quiet for 1s'], 'How long it lasts.', null],
  [
    'now',
    ['expect now client is SYN-SENT'],
    'Checks at this instant, without letting segments in flight arrive first.',
    null,
  ],
  ['up', ['link up', 'URG up 5'], 'The link carries segments again. In a segment: the urgent pointer.', null],
  ['down', ['link down', 'link A -> B down'], 'The link loses everything.', null],
  ['push', ['client write "GET /" push'], 'The data is pushed: its last segment carries PSH.', 'RFC 9293 3.9.1.2'],
  [
    'urgent',
    ['client write 1 bytes urgent'],
    'The data is urgent: URG and the urgent pointer are set.',
    'RFC 9293 3.8.5',
  ],
  ['all', ['client read all'], 'Everything that there is to read.', null],
  [
    'ICMP',
    ['drop next ICMP', 'server inject ICMP host-unreachable'],
    'An ICMP error message: what a router or a host says of a segment that it could not use.',
    'RFC 9293 3.9.2.2',
  ],
  [
    'about',
    ['server inject ICMP port-unreachable about SYN'],
    'The segment that the ICMP message quotes; else the last one on its way.',
    'RFC 792',
  ],
  [
    'mtu',
    ['server inject ICMP fragmentation-needed mtu 1400'],
    'The largest datagram that the router says it can carry.',
    'RFC 1191 4',
  ],
]);

/** The words of conditions. */
export const CONDITION_WORDS = entriesOf('condition', [
  ['is', ['H is STATE', 'H is not STATE'], 'The connection of the host is in this state.', 'RFC 9293 3.3.2'],
  [
    'sent',
    ['H sent SEGMENT', 'H sent SYN 2 times'],
    'The host has sent such a segment, at least once or just so many times.',
    null,
  ],
  [
    'received',
    ['H received 4000 bytes', 'H received "GET /"'],
    'The application of the host has received this much, or this text, in all.',
    null,
  ],
  ['receives', ['on H receives FIN { H close }'], 'A segment arrives at the host.', null],
  ['segment', ['segment lost'], 'The latest segment that entered the link.', null],
  ['lost', ['segment lost'], 'The network lost it.', null],
  ['error', ['H error reset', 'H error any'], 'TCP has told the application of the host this error.', 'RFC 9293 3.9.1'],
  ['quiet', ['quiet for 1s'], 'Nobody sends anything for this long.', null],
  ['not', ['not CONDITION'], 'The opposite.', null],
  ['and', ['CONDITION and CONDITION'], 'Both are true.', null],
  ['or', ['CONDITION or CONDITION'], 'At least one is true.', null],
  ['times', ['H sent SYN 2 times'], 'How often.', null],
]);
