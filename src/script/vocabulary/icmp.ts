import { ICMP_KINDS, isIcmpKind } from '../../engine/icmp';
import { entriesOf } from './entry';

/** What each kind of ICMP message says, and what TCP makes of it (RFC 9293 section 3.9.2.2). */
const MEANINGS = {
  'fragmentation-needed':
    'A router can not carry so large a datagram, and tells how large it may be (ICMPv6: packet too big). TCP sends smaller segments.',
  'network-unreachable': 'No way leads to that network. A soft error: the connection goes on.',
  'host-unreachable': 'The host can not be reached. A soft error: the connection goes on.',
  'source-route-failed': 'The route that the sender chose can not be followed. A soft error: the connection goes on.',
  'time-exceeded': 'The datagram was on its way for too long. A soft error: the connection goes on.',
  'parameter-problem': 'Something in the IP header is wrong. A soft error: the connection goes on.',
  'protocol-unreachable': 'The host knows no TCP. A hard error: it ends a connection that is being opened.',
  'port-unreachable': 'Nobody uses that port. A hard error: it ends a connection that is being opened.',
  'source-quench': 'An old plea to send more slowly; TCP takes no notice of it.',
} as const satisfies Readonly<Record<keyof typeof ICMP_KINDS, string>>;

/** The ICMP messages that a script can forge. */
export const ICMP_WORDS = entriesOf(
  'icmp-kind',
  Object.keys(ICMP_KINDS)
    .filter(isIcmpKind)
    .map((kind) => [kind, [`H inject ICMP ${kind}`], MEANINGS[kind], sectionOf(kind)] as const),
);

function sectionOf(kind: keyof typeof ICMP_KINDS): string {
  return kind === 'fragmentation-needed' ? 'RFC 1191 4' : 'RFC 9293 3.9.2.2';
}
