import { entriesOf } from './entry';

/** The states of RFC 9293 section 3.3.2. */
export const STATE_WORDS = entriesOf('state', [
  ['CLOSED', ['H is CLOSED'], 'There is no connection.', 'RFC 9293 3.3.2'],
  ['LISTEN', ['H is LISTEN'], 'Waits for a connection request from anybody.', 'RFC 9293 3.3.2'],
  ['SYN-SENT', ['H is SYN-SENT'], 'Has sent a connection request and waits for one in return.', 'RFC 9293 3.3.2'],
  [
    'SYN-RECEIVED',
    ['H is SYN-RECEIVED'],
    'Has received and sent a connection request and waits for the acknowledgment of its own.',
    'RFC 9293 3.3.2',
  ],
  ['ESTABLISHED', ['H is ESTABLISHED'], 'An open connection: data flows in both directions.', 'RFC 9293 3.3.2'],
  [
    'FIN-WAIT-1',
    ['H is FIN-WAIT-1'],
    'Has closed: waits for the FIN of the other side, or for the acknowledgment of its own.',
    'RFC 9293 3.3.2',
  ],
  [
    'FIN-WAIT-2',
    ['H is FIN-WAIT-2'],
    'Its FIN is acknowledged; waits for the FIN of the other side.',
    'RFC 9293 3.3.2',
  ],
  [
    'CLOSE-WAIT',
    ['H is CLOSE-WAIT'],
    'The other side has closed; waits for its own application to close.',
    'RFC 9293 3.3.2',
  ],
  [
    'CLOSING',
    ['H is CLOSING'],
    'Both sides have closed at the same time; waits for the acknowledgment of its FIN.',
    'RFC 9293 3.3.2',
  ],
  [
    'LAST-ACK',
    ['H is LAST-ACK'],
    'Closed after the other side; waits for the acknowledgment of its FIN.',
    'RFC 9293 3.3.2',
  ],
  [
    'TIME-WAIT',
    ['H is TIME-WAIT'],
    'Waits twice the maximum segment lifetime, so that the other side surely has the last acknowledgment.',
    'RFC 9293 3.3.2',
  ],
]);

/** The control bits of RFC 9293 section 3.1. */
export const FLAG_WORDS = entriesOf('flag', [
  [
    'SYN',
    ['H send SYN'],
    'Synchronize sequence numbers: the first segment of each direction. Matches a SYN without ACK.',
    'RFC 9293 3.1',
  ],
  [
    'ACK',
    ['H send ACK', 'H send ACK ack 1001'],
    'The acknowledgment field counts. Matches a bare acknowledgment only.',
    'RFC 9293 3.1',
  ],
  ['FIN', ['H send FIN'], 'No more data from the sender. Matches FIN-ACK too.', 'RFC 9293 3.1'],
  ['RST', ['H send RST'], 'Reset: the connection is gone. Matches RST-ACK too.', 'RFC 9293 3.5.2'],
  ['PSH', ['H send PSH-ACK'], 'Push: hand the data to the application now.', 'RFC 9293 3.1'],
  ['URG', ['H send URG 1 bytes'], 'The urgent pointer counts.', 'RFC 9293 3.8.5'],
  ['ECE', ['H send ECE'], 'The receiver saw a mark of congestion.', 'RFC 3168 6.1'],
  ['CWR', ['H send CWR'], 'The sender has reduced its congestion window.', 'RFC 3168 6.1'],
]);

/** Fields and classes of a SEGMENT. */
export const SEGMENT_WORDS = [
  ...entriesOf('field', [
    [
      'seq',
      ['seq 1000', 'seq +0'],
      "The sequence number: as on the wire, or with a sign counted from the sender's ISN.",
      'RFC 9293 3.1',
    ],
    [
      'ack',
      ['ack 1001', 'ack +1'],
      "The acknowledgment number: as on the wire, or with a sign counted from the receiver's ISN.",
      'RFC 9293 3.1',
    ],
    ['win', ['win 65535'], 'The window field as sent, 0 to 65535.', 'RFC 9293 3.1'],
    ['len', ['len 0'], 'The length of the payload in bytes.', null],
  ]),
  ...entriesOf('segment-option', [
    ['mss', ['<mss 1460>'], 'The maximum segment size option of a SYN.', 'RFC 9293 3.2'],
    ['sack', ['<sack>'], 'Selective acknowledgments are permitted.', 'RFC 2018 2'],
    ['ts', ['<ts 1 0>'], 'The timestamps option: value and echo.', 'RFC 7323 3'],
    ['wscale', ['<wscale 7>'], 'The window scale option.', 'RFC 7323 2'],
  ]),
  ...entriesOf('segment-class', [
    ['data', ['drop next data'], 'Any segment with payload.', null],
    ['any', ['drop next any'], 'Any segment at all.', null],
  ]),
];

/** Short names of what TCP tells an application, for `H error NAME`. */
export const ERROR_WORDS = entriesOf('error', [
  [
    'reset',
    ['H error reset'],
    '`connection reset`: the other side sent a reset. A SYN that nobody listens for is answered so, too; the socket calls name that "connection refused".',
    'RFC 9293 3.10.7.3',
  ],
  [
    'refused',
    ['H error refused'],
    '`connection refused`: a reset came in SYN-RECEIVED, after an active OPEN.',
    'RFC 9293 3.10.7.4',
  ],
  [
    'timeout',
    ['H error timeout'],
    '`connection aborted due to user timeout`: nobody answered in time.',
    'RFC 9293 3.8.3',
  ],
  [
    'delivery',
    ['H error delivery'],
    '`delivery problem`: a segment has been sent again three times without an answer; TCP goes on trying.',
    'RFC 9293 3.8.3',
  ],
  ['closing', ['H error closing'], '`connection closing`: the call comes too late.', 'RFC 9293 3.10'],
  ['not-exist', ['H error not-exist'], '`connection does not exist`.', 'RFC 9293 3.10'],
  ['exists', ['H error exists'], '`connection already exists`.', 'RFC 9293 3.10'],
  ['illegal', ['H error illegal'], '`connection illegal for this process`.', 'RFC 9293 3.10'],
  ['unspecified', ['H error unspecified'], '`remote socket unspecified`.', 'RFC 9293 3.10'],
  ['resources', ['H error resources'], '`insufficient resources`.', 'RFC 9293 3.10'],
  ['network-unreachable', ['H error network-unreachable'], '`network unreachable`, told by ICMP.', 'RFC 9293 3.9.2.2'],
  ['host-unreachable', ['H error host-unreachable'], '`host unreachable`, told by ICMP.', 'RFC 9293 3.9.2.2'],
  ['source-route-failed', ['H error source-route-failed'], '`source route failed`, told by ICMP.', 'RFC 9293 3.9.2.2'],
  ['time-exceeded', ['H error time-exceeded'], '`time exceeded`, told by ICMP.', 'RFC 9293 3.9.2.2'],
  ['parameter-problem', ['H error parameter-problem'], '`parameter problem`, told by ICMP.', 'RFC 9293 3.9.2.2'],
  [
    'protocol-unreachable',
    ['H error protocol-unreachable'],
    '`protocol unreachable`, told by ICMP.',
    'RFC 9293 3.9.2.2',
  ],
  ['port-unreachable', ['H error port-unreachable'], '`port unreachable`, told by ICMP.', 'RFC 9293 3.9.2.2'],
  ['any', ['H error any'], 'Any of these, whichever came last.', null],
]);

/** Values of options. */
export const VALUE_WORDS = entriesOf('value', [
  ['on', ['nagle on'], 'Switched on.', null],
  ['off', ['nagle off', 'delayed-ack off'], 'Switched off.', null],
  ['rfc', ['profile rfc'], 'The plainest choices that the RFCs allow.', null],
  ['linux', ['profile linux'], 'What Linux 6.18 does by default.', null],
  ['freebsd', ['profile freebsd'], 'What FreeBSD does by default.', null],
  ['reno', ['congestion reno'], 'Slow start, congestion avoidance, fast recovery.', 'RFC 5681 3'],
  ['cubic', ['congestion cubic'], 'A window that grows with the cube of the time since the last loss.', 'RFC 9438'],
  ['passive', ['ecn passive'], 'Only when the other side asks for it.', 'RFC 3168 6.1'],
  ['at-once', ['idle-restart at-once'], 'Back to the initial window in one step.', 'RFC 5681 4.1'],
  ['halving', ['idle-restart halving'], 'Half the window for each RTO of idle time.', 'RFC 7661'],
  ['never', ['icmp-hard-errors never'], 'In no state.', 'RFC 9293 3.9.2.2'],
  [
    'opening',
    ['icmp-hard-errors opening'],
    'While the connection is being opened: in SYN-SENT and SYN-RECEIVED.',
    'RFC 5927 5.2',
  ],
  ['always', ['icmp-hard-errors always'], 'In every state.', 'RFC 9293 3.9.2.2'],
  ['octet', ['probe octet'], 'One octet of data.', 'RFC 9293 3.8.6.1'],
  ['below-una', ['probe below-una'], 'No data, and the sequence number SND.UNA - 1.', 'RFC 9293 3.8.4'],
]);
