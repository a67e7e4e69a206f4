import type { Rule } from '../../rules';
import { companion, required } from './make';

/** What ICMP error messages do to a connection (RFC 9293 section 3.9.2.2, RFC 5927, RFC 1191, RFC 8201). */
export const ICMP_RULES = {
  'icmp-accepted': required(
    '3.9.2.2',
    'MUST-54',
    'The ICMP message quotes a segment of this connection that is still on its way, so TCP acts on it.',
  ),
  'icmp-not-in-flight': companion(
    5927,
    '4.1',
    'The quoted sequence number is not one that is sent and unacknowledged, so the ICMP message is old or forged and is ignored.',
  ),
  'icmp-source-quench': required(
    '3.9.2.2',
    'MUST-55',
    'Source Quench no longer means anything to TCP: it is silently discarded, since congestion shows in losses and marks.',
  ),
  'icmp-soft-kept': required(
    '3.9.2.2',
    'MUST-56',
    'This ICMP error is a soft one: the trouble may pass, so the connection goes on and only remembers it.',
  ),
  'icmp-told': required('3.9.2.2', 'SHLD-25', 'TCP makes what the ICMP message says available to the application.'),
  'icmp-hard-kept': companion(
    5927,
    '5.2',
    'This ICMP error is a hard one, but the connection is established and the message may be forged, so it counts as a soft one.',
  ),
  'icmp-hard-error': required(
    '3.9.2.2',
    'SHLD-26',
    'This ICMP error is a hard one: the other side can not be spoken to in this way, so the connection is given up.',
  ),
  'icmp-soft-aborts': companion(
    5461,
    '4.1',
    'While a connection is being opened this host takes a soft ICMP error for a final one, so that the application need not wait.',
  ),
  'path-mtu-lowered': companion(
    1191,
    '6.4',
    'A router on the path can not carry datagrams of this size, so TCP sends smaller segments from now on and sends what was too large again; that is no sign of congestion.',
  ),
  'path-mtu-guessed': companion(
    1191,
    '7.1',
    'The router does not say how much it can carry, so TCP tries the next smaller size of the usual links.',
  ),
  'path-mtu-forgotten': companion(
    1191,
    '6.3',
    'The path MTU was learnt ten minutes ago, and the path may have changed, so larger segments are tried again.',
  ),
  'icmp-mtu-not-lower': companion(
    1191,
    '6.2',
    'The MTU in the ICMP message is not below what TCP uses already, so nothing changes: such a message never raises it.',
  ),
  'icmp-mtu-impossible': companion(
    8201,
    '4',
    'Every IPv6 link carries 1280 bytes, so an ICMP message with a smaller MTU can not be right.',
  ),
} as const satisfies Record<string, Rule>;
