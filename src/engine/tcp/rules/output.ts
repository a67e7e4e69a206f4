import type { Rule } from '../../rules';
import { required, rfc9293 } from './make';

/** Why a segment leaves that no call or arrival asks for directly, and the state it leads to. */
export const OUTPUT_RULES = {
  'send-data': required(
    '3.8.6.2.1',
    'MUST-38',
    'The window has room for a full segment, for all that is queued, or for half of the largest window so far: TCP sends that much and moves SND.NXT over it.',
  ),
  'resend-after-probe': rfc9293(
    '3.8.6',
    'The window is open again, so data that went as a window probe and was not taken is sent anew, in full segments.',
  ),
  'fin-sent-last-ack': rfc9293(
    '3.10.4',
    'Our FIN has left after the remote one: only its ACK is still missing, and LAST-ACK waits for that.',
  ),
  'window-update': required(
    '3.8.6.2.2',
    'MUST-39',
    'The receive buffer has so much room now that the window can open by a worthwhile step, so an ACK tells the remote side.',
  ),
  'window-probe': required(
    '3.8.6.1',
    'MUST-36',
    'The remote window is closed; news that it opened could get lost, so TCP probes it from time to time with one octet (or the FIN).',
  ),
  'silly-window-override': required(
    '3.8.6.2.1',
    'MUST-38',
    'The window has stayed too small for a worthwhile segment; after waiting long enough TCP sends what fits, so as not to stall.',
  ),
  'ack-quick': rfc9293(
    '3.8.6.3',
    'At the start, and after a pause, each segment is acknowledged at once, because the remote TCP needs ACKs to open its congestion window.',
  ),
  'ack-drained': rfc9293(
    '3.8.6.3',
    'The application has read everything and does not answer, so there is nothing that the ACK could wait for.',
  ),
  'ack-delay-nearly-over': rfc9293(
    '3.8.6.3',
    'As fast as segments come now, the delay of the ACK is nearly over, so it leaves.',
  ),
  'ack-second-segment': required(
    '3.8.6.3',
    'SHLD-19',
    'More than one full segment has arrived since the last ACK, so the next one is not delayed any longer.',
  ),
} as const satisfies Record<string, Rule>;
