import type { Rule } from '../../rules';
import { companion } from './make';

/** Loss recovery and congestion control (RFC 5681, 6582, 6675, 8985, 9937, 5682, 3168). */
export const RECOVERY_RULES = {
  'duplicates-loss': companion(
    5681,
    '3.2',
    'So many duplicate ACKs (usually three) say that segments after the oldest one have arrived, so the oldest is taken to be lost.',
  ),
  'partial-ack-loss': companion(
    6582,
    '3.2',
    'The ACK covers only a part of what was on its way when the loss was found, so the next segment is missing too.',
  ),
  'sack-loss': companion(
    6675,
    '4',
    'So much above a segment has been selectively acknowledged that the segment itself is taken to be lost.',
  ),
  'rack-loss': companion(
    8985,
    '6.2',
    'A segment that was sent later has arrived long enough ago, so what was sent before it is taken to be lost.',
  ),
  'fast-retransmit': companion(
    5681,
    '3.2',
    'A segment is taken to be lost, so it is sent again at once and does not wait for the retransmission timer.',
  ),
  'sack-retransmit': companion(
    6675,
    '5',
    'Selective ACKs show that a segment is lost, so the first such segment is sent again at once and does not wait for the retransmission timer.',
  ),
  'sack-resend': companion(
    6675,
    '5',
    'This segment is taken to be lost by what has been selectively acknowledged above it, and the congestion window has room, so it is sent again.',
  ),
  'sack-resend-gap': companion(
    6675,
    '4',
    'No more segments are known to be lost and no new data may leave, but selective ACKs tell of more above this segment: it goes again, since the ACKs that could show its loss may never come.',
  ),
  'resend-after-timeout': companion(
    5681,
    '3.1',
    'What was on its way as the retransmission timer expired is taken to be lost: slow start sends it again as cwnd has room.',
  ),
  'resend-narrowed': companion(
    1191,
    '6.5',
    'What was too large for the path is sent again at once, in segments that fit, and does not wait for the retransmission timer.',
  ),
  'narrowed-recovered': companion(
    1191,
    '6.5',
    'All that was on its way as the path turned out to be too narrow is acknowledged, so nothing is left to be sent again because of it.',
  ),
  'rack-retransmit': companion(
    8985,
    '6.2',
    'RACK takes a segment to be lost by the time at which it was sent, so the first such segment is sent again at once and does not wait for the retransmission timer.',
  ),
  'rack-resend': companion(
    8985,
    '6.2',
    'RACK takes this segment to be lost by the time at which it was sent, and the congestion window has room, so it is sent again.',
  ),
  'rack-recovery-begins': companion(
    8985,
    '9.3',
    'RACK has found a loss, which is a sign of congestion like any other: ssthresh and cwnd shrink, and recovery lasts until all that is on its way now is acknowledged.',
  ),
  'sack-recovery-begins': companion(
    6675,
    '5',
    'A loss is a sign of congestion: ssthresh and cwnd shrink, and recovery lasts until all that is on its way now is acknowledged.',
  ),
  'sack-recovery-ends': companion(
    6675,
    '5',
    'All that was on its way when the loss was found is acknowledged, so recovery is over.',
  ),
  'timeout-recovered': companion(
    5681,
    '3.1',
    'All that was on its way as the retransmission timer expired is acknowledged, so the loss is repaired, and cwnd grows on from where slow start has brought it.',
  ),
  'cubic-growth': companion(
    9438,
    '4.2',
    'Above ssthresh cwnd follows a cubic curve of the time since the last loss: fast at first, flat around the window of that loss, and then faster again.',
    'MUST-19',
  ),
  'partial-ack-retransmit': companion(
    6582,
    '3.2',
    'A partial ACK during fast recovery shows which segment is missing next, so that one is sent again at once.',
  ),
  'resend-lost': companion(
    5681,
    '4.3',
    'This segment is taken to be lost and the congestion window has room, so it is sent again.',
  ),
  'recovery-begins': companion(
    5681,
    '3.2',
    'A loss is a sign of congestion: ssthresh and cwnd shrink, and fast recovery lasts until all that is on its way now is acknowledged.',
  ),
  'recovery-ends': companion(
    6582,
    '3.2',
    'All that was on its way when the loss was found is acknowledged, so recovery is over and cwnd is at most ssthresh.',
  ),
  'timeout-slow-start': companion(
    5681,
    '3.1',
    'The retransmission timer expired, so the network may be badly congested: cwnd falls to one segment and slow start begins anew.',
    'MUST-19',
  ),
  'slow-start': companion(
    5681,
    '3.1',
    'Below ssthresh cwnd grows by what each ACK acknowledges, so that it doubles in every round trip.',
    'MUST-19',
  ),
  'hystart-ends': companion(
    9438,
    '4.10',
    'Round trips grow, or the ACKs of a round take long to come: slow start ends before it loses anything (HyStart).',
    null,
  ),
  'congestion-avoidance': companion(
    5681,
    '3.1',
    'From ssthresh on cwnd grows by about one segment in every round trip, to find more room with care.',
    'MUST-19',
  ),
  'idle-restart': companion(
    5681,
    '4.1',
    'Nothing was sent for longer than RTO, so cwnd says nothing about the network any more and starts again.',
  ),
  'window-unused': companion(
    2861,
    '3.2',
    'For longer than RTO the window was not used up, so it says little about the network now and falls half-way to what was used.',
  ),
  'frto-sack-spurious': companion(
    5682,
    '3.1',
    'A segment that was sent only once has arrived, as an ACK or a SACK block tells, so it was just late: the timeout was a false alarm.',
  ),
  'frto-sack-new-data': companion(
    5682,
    '3.1',
    'After the timeout new data goes first: its ACK, and what SACK blocks tell, will show whether anything was lost at all.',
  ),
  'frto-spurious': companion(
    5682,
    '2.1',
    'An ACK covers a segment that was sent only once, so it was just late: the timeout was a false alarm.',
  ),
  'frto-new-data': companion(
    5682,
    '2.1',
    'After the timeout new data goes first: its ACK will tell whether anything was lost at all.',
  ),
  'dsack-undone': companion(
    3708,
    '2',
    'DSACKs say that everything which was sent again had arrived before, so nothing was lost: cwnd and ssthresh are set back to what they were.',
  ),
  'frto-undone': companion(
    5682,
    '2.1',
    'An ACK has shown that the timeout was a false alarm: cwnd and ssthresh are set back to what they were.',
  ),
  'frto-sack-undone': companion(
    5682,
    '3.1',
    'An ACK or a SACK block has shown that the timeout was a false alarm: cwnd and ssthresh are set back to what they were.',
  ),
  'reduction-undone': companion(
    3522,
    '3.2',
    'A timestamp shows that what was taken to be lost had arrived all the same, so cwnd and ssthresh are set back to what they were.',
  ),
  'ecn-reduces': companion(
    3168,
    '6.1.2',
    'ECE says that the network marked a segment because of congestion, so the window shrinks as after a loss, but nothing has to be sent again.',
    'SHLD-8',
  ),
  'ecn-mark': companion(
    3168,
    '6.1.3',
    'A router marked this segment because of congestion: ACKs say so with ECE until the sender answers with CWR.',
    'SHLD-8',
  ),
  'tail-probe-start': companion(
    8985,
    '7.2',
    'If the last segments are lost nothing shows it, so a probe of the tail is due after about two round trips.',
  ),
  'tail-probe-stop': companion(
    8985,
    '7.2',
    'No probe of the tail is due now; the retransmission timer watches over what is on its way.',
  ),
  'tail-probe': companion(
    8985,
    '7.3',
    'No ACK came for about two round trips: a probe of the tail brings an ACK that shows what has arrived.',
  ),
  'tail-probe-repaired': companion(
    8985,
    '7.4',
    'The ACK shows that the probe of the tail replaced a segment that was lost, so the window shrinks as after any loss.',
  ),
  'reordering-wait': companion(
    8985,
    '6.2',
    'Segments that were overtaken may only be late, so they get a little time before they are taken to be lost.',
  ),
  'reordering-done': companion(8985, '6.2', 'Nothing is overtaken any more, so there is nothing to wait for.'),
  'reordering-timeout': companion(
    8985,
    '6.3',
    'The time for overtaken segments is over, so those that have not arrived are taken to be lost.',
  ),
} as const satisfies Record<string, Rule>;
