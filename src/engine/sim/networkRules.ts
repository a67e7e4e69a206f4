import type { Rule } from '../rules';

/** A rule of the simulated network: no RFC states it. */
function network(text: string): Rule {
  return { rfc: null, section: null, requirement: null, text };
}

/** The rules of the simulated network and of the script's hand in it. */
export const NETWORK_RULES = {
  'network-delivers': network('The link carries the segment to its destination after its delay.'),

  'fault-drop': network('The script told the network to drop this segment.'),
  'fault-delay': network('The script told the network to carry this segment more slowly than the others.'),
  'fault-duplicate': network('The script told the network to deliver this segment twice.'),
  'fault-reorder': network(
    'The script told the network to keep this segment back until the next one in the same direction has overtaken it.',
  ),
  'fault-corrupt': network('The script told the network to flip a bit of this segment on its way.'),
  'fault-mark': {
    rfc: 3168,
    section: '5',
    requirement: null,
    text: 'The script told the network to mark this segment: a congested router sets the ECN field of its IP header to CE.',
  },

  'link-loss': network('The link lost this segment by chance, as its loss rate says.'),
  'link-duplicate': network('The link delivered this segment twice by chance, as its duplicate rate says.'),
  'link-reorder': network(
    'The link sent this segment on a detour by chance, as its reorder rate says, so that later ones may overtake it.',
  ),
  'link-corrupt': network('The link flipped a bit of this segment by chance, as its corrupt rate says.'),
  'link-down': network('The link was down when the segment was sent, so it was lost.'),
  'link-queue-full': network(
    'So many segments were waiting for the link already that its queue had no room, so this one was lost.',
  ),
  'link-mtu': {
    rfc: 1191,
    section: '4',
    requirement: null,
    text: 'The IP datagram is larger than the MTU of the link and must not be fragmented, so it was lost.',
  },
  'router-icmp': {
    rfc: 1191,
    section: '4',
    requirement: null,
    text: 'A router on the link had to throw the segment away, and tells its sender so by an ICMP message that quotes it.',
  },
  'inject-icmp': network('The script forged this ICMP message: no router sent it.'),
  'icmp-no-connection': {
    rfc: 9293,
    section: '3.9.2.2',
    requirement: 'MUST-54',
    text: 'The ICMP message quotes a segment that belongs to no connection of this host, so there is nothing to act on.',
  },
  'link-hold': network('The script holds the segments in this direction: they wait in flight until they are released.'),
  'wait-in-flight': network('A segment is on its way to this host, and TCP answers when it arrives.'),
  'wait-held': network('The script holds the segments to this host, so that nothing arrives that TCP could answer.'),
  'ip-version': network(
    'One host has an IPv4 address and the other an IPv6 address: no datagram can go from one to the other.',
  ),
  'no-such-host': network('No host has the address that the segment is sent to, so it was lost.'),

  'backlog-full': {
    rfc: 4987,
    section: '2.2',
    requirement: null,
    text: 'So many connections wait half-open for their last ACK that the backlog has no room for another: the SYN is dropped, and its sender will try again.',
  },
  'main-connection': network(
    "The host's earliest connection has ended, so the host's name now means the next one that lives.",
  ),
  'connection-limit': network(
    'The simulation has as many connections as it can hold, so there is no room for this one.',
  ),

  checksum: {
    rfc: 9293,
    section: '3.1',
    requirement: 'MUST-3',
    text: 'The checksum does not fit the octets that arrived, so they were damaged on the way and the segment is discarded.',
  },
  'syn-to-many': {
    rfc: 9293,
    section: '3.9.2.3',
    requirement: 'MUST-57',
    text: 'The SYN is addressed to a broadcast or multicast address: a connection has exactly two ends, so it is silently discarded.',
  },
  'syn-from-nobody': {
    rfc: 9293,
    section: '3.9.2.3',
    requirement: 'MUST-63',
    text: 'The SYN claims to come from an address that no other host can have, so nobody could be answered and it is ignored.',
  },
  inject: network('The script forged this segment: no TCP sent it.'),

  'call-open-passive': {
    rfc: 9293,
    section: '3.9.1.1',
    requirement: null,
    text: 'The application asks its TCP to wait for a connection: a passive OPEN.',
  },
  'call-open-active': {
    rfc: 9293,
    section: '3.9.1.1',
    requirement: null,
    text: 'The application asks its TCP to set up a connection: an active OPEN.',
  },
  'call-send': {
    rfc: 9293,
    section: '3.9.1.2',
    requirement: null,
    text: 'The application hands octets to its TCP to be sent: SEND.',
  },
  'call-receive': {
    rfc: 9293,
    section: '3.9.1.3',
    requirement: null,
    text: 'The application takes octets that have arrived: RECEIVE.',
  },
  'call-close': {
    rfc: 9293,
    section: '3.9.1.4',
    requirement: null,
    text: 'The application has no more to send: CLOSE. It may still receive.',
  },
  'call-status': {
    rfc: 9293,
    section: '3.9.1.5',
    requirement: null,
    text: 'The application asks how its connection stands: STATUS.',
  },
  'call-abort': {
    rfc: 9293,
    section: '3.9.1.6',
    requirement: null,
    text: 'The application gives the connection up at once, with all that is unsent or unread: ABORT.',
  },
  'call-shutdown': {
    rfc: 9293,
    section: '3.6.1',
    requirement: null,
    text: 'The application ends its sending direction and goes on receiving: a half-close.',
  },
  'call-read-mode': network(
    'The application changes how it reads: by itself as octets arrive, or only when the script says so.',
  ),
  'call-set': network('The application changes an option of its connection.'),
} as const satisfies Record<string, Rule>;
