import type { Cause, IcmpRecord } from '../engine/events';
import { icmpText } from '../engine/icmp';
import type { Because } from './because';
import { type Place, ruledLink, segmentName } from './because';
import type { RunLog } from './log';
import { formatTimeUs } from './values';

function whose({ from, message }: IcmpRecord): string {
  const sender = from === null ? 'a router' : `${from}, forged,`;
  return `the ICMP message "${icmpText(message)}" of ${sender} about ${segmentName(message.quoted)}`;
}

/** An ICMP message in a chain of causes, as it arrives; when it was sent stands behind. */
export function icmpArrival(record: IcmpRecord, log: RunLog): Because {
  const { to, arriveUs, timeUs, cause } = record;
  const place: Place = { timeUs: arriveUs ?? timeUs, moment: log.icmpArrived.get(record.id) || null };
  const what = `${whose(record)} arrives at ${to} at ${formatTimeUs(place.timeUs)} (sent at ${formatTimeUs(timeUs)})`;
  return ruledLink('arrival', what, cause, place);
}

/** An ICMP message in a chain of causes, as it is sent or lost; `cause`: the rule of that. */
export function icmpSending(record: IcmpRecord, cause: Cause, log: RunLog): Because {
  const fate = cause === record.cause ? 'is sent' : `is ${record.fate}`;
  const place: Place = { timeUs: record.timeUs, moment: log.icmpSent.get(record.id) || null };
  return ruledLink('event', `${whose(record)} ${fate} at ${formatTimeUs(record.timeUs)}`, cause, place);
}
