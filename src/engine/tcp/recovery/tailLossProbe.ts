import type { Seq } from '../../seq';
import { seqGeq, seqGt } from '../../seq';
import type { TcpContext } from '../context';
import { nothingOutstanding, outstandingSegments } from '../retransmissionQueue';
import type { Tcb } from '../tcb';
import { isSet, startTimer, stopTimer } from '../timers';
import { note } from '../trace';
import { beginReduction, endReduction } from './reduce';
import type { AckNews } from './scoreboard';

/** What a lone segment waits longer, since its ACK may be delayed: WCDelAckT (RFC 8985 section 7.2). */
const DELAYED_ACK_US = 200_000;

/** Starts the timer that watches over what is on its way: the tail loss probe's where that may be, else the retransmission timer. */
export function watchFlight(tcb: Tcb, ctx: TcpContext): void {
  if (nothingOutstanding(tcb.retransmissionQueue)) return;
  const probeUs = probeTimeoutUs(tcb);
  if (probeUs === null) {
    if (isSet(tcb.timers['loss-probe'])) stopTimer(tcb, 'loss-probe', ctx, 'tail-probe-stop');
    startTimer(tcb, 'retransmission', tcb.rto.rtoUs, ctx, 'rto-restart');
    return;
  }
  stopTimer(tcb, 'retransmission', ctx, 'tail-probe-start');
  // A probe that would come after the retransmission timer takes its place (RFC 8985 section 7.2).
  startTimer(tcb, 'loss-probe', Math.min(probeUs, tcb.rto.rtoUs), ctx, 'tail-probe-start');
}

/** TLP_calc_PTO(); null when there is to be no probe (RFC 8985 section 7.2). */
export function probeTimeoutUs(tcb: Tcb): number | null {
  const { recovery, options, config, retransmissionQueue: queue, rto } = tcb;
  if (!config.tailLossProbe || !options.sack || queue.sackedSegments > 0) return null;
  if (recovery.phase !== 'open' && recovery.phase !== 'reducing') return null;
  if (tcb.iss === tcb.snd.una || recovery.tlpEnd !== null) return null;
  if (rto.srttUs === null) return config.rtoInitialUs;
  return 2 * rto.srttUs + (outstandingSegments(queue) === 1 ? DELAYED_ACK_US : config.rackTimerSlackUs);
}

/** TLP_process_ack(): whether the probe repaired a loss, which then counts (RFC 8985 section 7.4). */
export function answerProbe(tcb: Tcb, news: AckNews, ctx: TcpContext): void {
  const { tlpEnd } = tcb.recovery;
  if (tlpEnd !== null && seqGeq(tcb.snd.una, tlpEnd)) endProbe(tcb, tlpEnd, news, ctx);
}

/** FlightSize before this ACK, in bytes. */
function flightBefore({ retransmissionQueue: queue }: Tcb, news: AckNews): number {
  return queue.bytes + news.ackedBytes;
}

function endProbe(tcb: Tcb, tlpEnd: Seq, news: AckNews, ctx: TcpContext): void {
  const { recovery } = tcb;
  if (!recovery.tlpResent || news.probeTwice) {
    recovery.tlpEnd = null;
    return;
  }
  if (seqGt(tcb.snd.una, tlpEnd)) {
    // What the ACK has acknowledged was on its way when the loss happened.
    beginReduction(tcb, ctx, flightBefore(tcb, news));
    recovery.phase = 'reducing';
    endReduction(tcb);
    recovery.phase = 'open';
    note(tcb, ctx, 'tail-probe-repaired');
  } else if (!news.advanced && news.sackedSegments === 0) {
    recovery.tlpEnd = null;
  }
}
