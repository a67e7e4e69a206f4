import type { Cause, IcmpRecord } from '../engine/events';
import { icmpText } from '../engine/icmp';
import type { SeqBase } from '../engine/pattern';
import { seq } from '../engine/seq';
import type { Because } from './because';
import { type Place, ruledLink, segmentName } from './because';
import type { ChainSource } from './chain';
import { formatTimeUs } from './values';

/** A forged message quotes what it likes: nobody knows an ISN of that. */
const ON_THE_WIRE: SeqBase = { senderIss: seq(0), receiverIss: seq(0) };

function whose({ from, message, about }: IcmpRecord, { log, world }: ChainSource): string {
  const sender = from === null ? 'a router' : `${from}, forged,`;
  const base = about === null ? ON_THE_WIRE : log.isns.baseOf(world, about);
  return `the ICMP message "${icmpText(message)}" of ${sender} about ${segmentName(message.quoted, base)}`;
}

/** An ICMP message in a chain of causes, as it arrives; when it was sent stands behind. */
export function icmpArrival(record: IcmpRecord, source: ChainSource): Because {
  const { to, arriveUs, timeUs, cause } = record;
  const place: Place = { timeUs: arriveUs ?? timeUs, moment: source.log.icmpArrived.get(record.id) || null };
  const what = `${whose(record, source)} arrives at ${to} at ${formatTimeUs(place.timeUs)} (sent at ${formatTimeUs(timeUs)})`;
  return ruledLink('arrival', what, cause, place);
}

/** An ICMP message in a chain of causes, as it is sent or lost; `cause`: the rule of that. */
export function icmpSending(record: IcmpRecord, cause: Cause, source: ChainSource): Because {
  const fate = cause === record.cause ? 'is sent' : `is ${record.fate}`;
  const place: Place = { timeUs: record.timeUs, moment: source.log.icmpSent.get(record.id) || null };
  return ruledLink('event', `${whose(record, source)} ${fate} at ${formatTimeUs(record.timeUs)}`, cause, place);
}
