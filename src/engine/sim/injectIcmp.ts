import { parseActor } from '../actor';
import type { EventSink } from '../events';
import type { IcmpId, IcmpKind } from '../icmp';
import { NO_OCTETS } from '../octets';
import type { SegmentPattern } from '../pattern';
import { matchesPattern, resolveSeq } from '../pattern';
import type { Endpoint, Segment } from '../segment';
import { FLAG, NO_OPTIONS, segLen } from '../segment';
import { seqAdd, seqGt } from '../seq';
import type { Tcb } from '../tcp/tcb';
import type { ForgedIcmp } from './icmp';
import { departForged, existsFor } from './icmp';
import type { ClaimedSender } from './inject';
import { claimedSender } from './inject';
import { getRecord } from './records';
import { hostAtAddress, slotWith } from './slots';
import type { Host, World } from './state';
import { hostNamed, mainSlot } from './state';
import { seqBaseOf } from './transit';

/** An ICMP message that a script asks to be forged. */
export interface IcmpInjection {
  /** The host, or one of its connections, that puts it on the wire. */
  readonly host: string;
  readonly kind: IcmpKind;
  /** The next-hop MTU in bytes; 0 for none. */
  readonly mtuBytes: number;
  /** The segment to quote; null for the last one on its way from the host that it goes to. */
  readonly about: SegmentPattern | null;
  /** The host, connection or socket that it claims to come from; null for `host` itself. */
  readonly spoof: string | Endpoint | null;
  /** The host that it goes to; null for the one that the claimed sender is connected to. */
  readonly towards: string | null;
  readonly line: number;
}

/** Forges an ICMP message and puts it on the wire. Returns its id, or a sentence about what is missing. */
export function injectIcmp(world: World, injection: IcmpInjection, sink: EventSink): IcmpId | string {
  const host = hostNamed(world, parseActor(injection.host).host);
  const sender = claimedSender(world, host, injection.spoof ?? injection.host, injection.towards);
  const victim = injection.towards === null ? victimOf(world, host, sender) : hostNamed(world, injection.towards);
  if (victim === null) {
    return `It is not clear to which host the ICMP message goes, because ${sender.name} is connected to none.`;
  }
  const { tcb } = slotWith(world, victim, sender.name) ?? mainSlot(world, victim);
  if (tcb.remote === null || tcb.iss === null) {
    return `${victim.config.name} has no connection that an ICMP message could be about.`;
  }
  const quote = quoteFor(world, victim, tcb, injection.about);
  if (typeof quote === 'string') return quote;
  if (!existsFor(injection.kind, quote.segment)) return `ICMPv6 has no message "${injection.kind}".`;
  const message = { kind: injection.kind, mtuBytes: injection.mtuBytes, quoted: quote.segment };
  return departForged(
    world,
    host,
    injection.spoof === null ? null : sender.name,
    victim,
    { message, about: quote.about },
    injection.line,
    sink,
  );
}

/** The host whose TCP a forged message is to disturb; null when the script does not say clearly enough. */
function victimOf(world: World, injector: Host, { host: sender, tcb }: ClaimedSender): Host | null {
  if (tcb.remote !== null) {
    const peer = hostAtAddress(world, tcb.remote.address, tcb.remote.port);
    if (peer !== null) return peer;
  }
  const [only, ...more] = world.hosts.filter((host) => host !== sender && host !== injector);
  return only !== undefined && more.length === 0 ? only : null;
}

type Quote = { readonly segment: Segment; readonly about: ForgedIcmp['about'] };

function quoteFor(world: World, victim: Host, tcb: Tcb, about: SegmentPattern | null): Quote | string {
  let last: Quote | null = null;
  for (let id = world.records.count; id > 0; id--) {
    const { segment, from, injected, duplicate } = getRecord(world.records, id);
    if (from !== victim.config.name || injected || duplicate || !isOf(tcb, segment)) continue;
    if (about === null) {
      last ??= { segment, about: id };
      if (segLen(segment) > 0 && seqGt(seqAdd(segment.seq, segLen(segment)), tcb.snd.una))
        return { segment, about: id };
    } else if (matchesPattern(about, segment, seqBaseOf(world, segment))) return { segment, about: id };
  }
  if (about === null) return last ?? `${victim.config.name} has sent nothing that an ICMP message could be about.`;
  return guessedQuote(world, tcb, about) ?? `${victim.config.name} has sent no such segment.`;
}

/** Whether a segment belongs to the present connection. */
function isOf({ local, remote }: Tcb, { source, destination }: Segment): boolean {
  return (
    remote !== null &&
    source.port === local.port &&
    source.address === local.address &&
    destination.port === remote.port &&
    destination.address === remote.address
  );
}

/** A forger who has seen nothing quotes a number at a guess; null when the script names none. */
function guessedQuote(world: World, tcb: Tcb, about: SegmentPattern): Quote | null {
  if (about.seq === null || tcb.remote === null || tcb.iss === null) return null;
  const blank: Segment = {
    source: tcb.local,
    destination: tcb.remote,
    seq: tcb.iss,
    ack: tcb.rcv.nxt,
    flags: FLAG.ACK,
    wnd: 0,
    up: 0,
    options: NO_OPTIONS,
    payload: NO_OCTETS,
    ecn: 0,
  };
  return { segment: { ...blank, seq: resolveSeq(about.seq, seqBaseOf(world, blank).senderIss) }, about: null };
}
