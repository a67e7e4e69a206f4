import { asks, NO_DIFFSERV, NO_ROUTES, outside, type Requirement } from './make';

/** What a TCP should do (SHOULD, SHOULD NOT and RECOMMENDED) unless it knows better, by the number of the requirement. */
export const SHOULD = {
  'SHLD-1': asks('3.4.1', 'An initial sequence number is the clock plus a secret function of addresses and ports.'),
  'SHLD-2': asks('3.5.3', 'A RST that carries data is taken like any other.'),
  'SHLD-3': asks(
    '3.6.1',
    'A socket that is closed with data unread, or that gets data afterwards, answers with a RST: data was lost.',
  ),
  'SHLD-4': asks('3.6.1', 'Timestamps shorten TIME-WAIT: a SYN with a newer timestamp opens a new connection.'),
  'SHLD-5': asks(
    '3.7.1',
    'Every SYN carries the MSS option when the MSS is not the default of 536 (IPv4) or 1220 (IPv6).',
  ),
  'SHLD-6': outside(
    '3.7.3',
    'Where the MTU of an interface varies, the announced MSS goes by the smallest.',
    'The MTU of a host in the simulation does not change from one datagram to the next.',
  ),
  'SHLD-7': asks('3.7.4', 'The Nagle algorithm gathers small writes while something is unacknowledged.'),
  'SHLD-8': asks('3.8.2', 'Explicit Congestion Notification is supported.'),
  'SHLD-9': asks('3.8.3', 'The application is told when a segment has been sent again R1 times, before TCP gives up.'),
  'SHLD-10': asks('3.8.3', 'R1 is at least 3 retransmissions.'),
  'SHLD-11': asks('3.8.3', 'R2 is at least 100 seconds.'),
  'SHLD-12': asks('3.8.4', 'A keep-alive carries no data.'),
  'SHLD-13': outside(
    '3.8.5',
    'New applications do without urgent data.',
    'It asks something of those who write applications, not of TCP.',
  ),
  'SHLD-14': asks('3.8.6', 'A receiver does not take back window that it has offered.'),
  'SHLD-15': asks('3.8.6', 'A sender whose window shrank sends nothing new beyond it.'),
  'SHLD-16': asks('3.8.6', 'A sender whose window shrank goes on retransmitting what lies inside it.'),
  'SHLD-17': asks('3.8.6', 'A connection is not given up because data beyond a shrunken window is not acknowledged.'),
  'SHLD-18': asks('3.8.6.3', 'ACKs can be delayed, so that one serves for more.'),
  'SHLD-19': asks('3.8.6.3', 'At least every second full segment is acknowledged.'),
  'SHLD-20': asks('3.9.1.8', 'An application can switch reports of soft errors off.'),
  'SHLD-21': outside(
    '3.9.1.9',
    'An application can change the Differentiated Services field of a living connection.',
    NO_DIFFSERV,
  ),
  'SHLD-22': outside('3.9.1.9', 'TCP hands the Differentiated Services field to IP as it is.', NO_DIFFSERV),
  'SHLD-23': outside(
    '3.9.2',
    'Applications leave the Differentiated Services field alone while a connection lives.',
    NO_DIFFSERV,
  ),
  'SHLD-24': outside('3.9.2.1', 'A later source route takes the place of an earlier one.', NO_ROUTES),
  'SHLD-25': asks('3.9.2.2', 'The application can learn of soft ICMP errors.'),
  'SHLD-26': asks('3.9.2.2', 'A hard ICMP error (unreachable 2, 3 or 4) ends the connection.'),
  'SHLD-27': asks('3.9.1.2', 'Pushes that follow one another go together in segments that are as large as possible.'),
  'SHLD-28': asks('3.9.1.2', 'A segment of the maximum size is sent whenever there is one to send.'),
  'SHLD-29': asks('3.8.6.1', 'The first probe goes when the window has been closed for one RTO.'),
  'SHLD-30': asks('3.8.6.1', 'The time between probes doubles.'),
  'SHLD-31': asks('3.10.7.4', 'Segments that come ahead of RCV.NXT are kept for later.'),
  'REC-1': asks('3.1', 'Windows are kept as 32-bit numbers, so that scaled windows have room.'),
} as const satisfies Record<string, Requirement>;
