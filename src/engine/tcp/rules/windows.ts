import type { Rule } from '../../rules';
import { check, companion, required, rfc9293 } from './make';

/** Why a window moved where no other rule of the same step says so. */
export const WINDOW_RULES = {
  'initial-window': companion(
    6928,
    '2',
    'The handshake is over: cwnd begins with the initial window, of up to ten segments.',
  ),
  'initial-window-classic': companion(
    5681,
    '3.1',
    'The handshake is over: cwnd begins with the initial window of two to four segments, by their size.',
  ),
  'initial-window-after-loss': companion(
    5681,
    '3.1',
    'The handshake is over, but a SYN was lost on the way: cwnd begins with one segment.',
  ),
  'reduction-ends': companion(
    9937,
    '6',
    'The window has been brought down bit by bit, and what was on its way as that began is acknowledged: cwnd is ssthresh.',
  ),
  'window-inflated': companion(
    5681,
    '3.2',
    'Each duplicate ACK says that one more segment has left the network, so during fast recovery cwnd grows by one segment.',
  ),
  'window-deflated': companion(
    6582,
    '3.2',
    'A partial ACK ends what duplicate ACKs had added: cwnd shrinks by what was acknowledged, less one segment.',
  ),
  'proportional-reduction': companion(
    9937,
    '6',
    'While the window shrinks, as much may leave as has arrived, in proportion: cwnd is what is on its way and this quota.',
  ),
  'send-window-first': check(
    '3.10.7.3',
    'fourth',
    'The remote SYN tells its first window, and SND.WND takes its value.',
  ),
  'send-window-handshake': check(
    '3.10.7.4',
    'fifth',
    'The segment that completes the handshake tells the window as it is now, scaled if both sides scale, and SND.WND takes its value.',
  ),
  'window-keeps-segments': companion(
    1191,
    '6.5',
    'The path takes segments of another size, which is no sign of congestion: this host counts its windows in segments, and as many of them are now another number of bytes.',
  ),
  'recovery-cut-short': companion(
    1191,
    '6.5',
    'Segments are sent anew because they are too large for the path, which is no sign of congestion: fast recovery ends here, and cwnd is ssthresh.',
  ),
  'receive-window-fills': rfc9293(
    '3.8.6',
    'Octets have arrived and wait for the application: RCV.NXT moves over them, and the right edge of the window stays.',
  ),
  'receive-window-held': required(
    '3.8.6.2.2',
    'MUST-39',
    'The application has read what came, but the window could open by a small step only, so its right edge stays for now.',
  ),
  'receive-window-memory': rfc9293(
    '3.8.6',
    'The receive buffer counts the memory that segments take, and the window follows what is free of it.',
  ),
  'receive-window-opens': required(
    '3.8.6.2.2',
    'MUST-39',
    'The receive buffer has so much free room that the window opens by a worthwhile step.',
  ),
} as const satisfies Record<string, Rule>;
