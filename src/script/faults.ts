import { parseActor } from '../engine/actor';
import type { FaultAction, FaultCount } from '../engine/sim/faults';
import { type LineContext, nodeSpan, propertySpan, report } from './context';
import type { Fault } from './generated/ast';
import { knownActor } from './hostNames';
import { icmpKindNamed } from './icmp';
import { duration, plainNumber } from './numbers';
import type { Span, Statement } from './program';
import { ANY_SEGMENT, compileSegment } from './segments';

/** What may stand behind the segment of a fault, read once each. */
interface Tails {
  from: string | null;
  byUs: number | null;
  mark: boolean;
}

/** What a line such as `drop 3rd data from client` means; null after a report. */
export function compileFault(
  line: LineContext,
  node: Fault,
  base: { readonly span: Span; readonly text: string },
): Statement | null {
  if (node.icmp === true) return icmpFault(line, node, base);
  const segment =
    node.segment === undefined ? null : compileSegment(line, node.segment, node.next === true ? 'first' : 'none');
  if (node.segment !== undefined && segment === null) return null;
  const tails = compileTails(line, node);
  if (tails === null) return null;
  const action = faultAction(line, node, tails, base.span);
  const count = faultCount(line, node, segment?.count ?? null);
  if (action === null || count === null) return null;
  return {
    ...base,
    kind: 'fault',
    action,
    count,
    pattern: segment?.pattern ?? ANY_SEGMENT,
    icmp: null,
    ...senderOf(tails),
  };
}

/** `from server:bob` means what the server sends to bob. */
function senderOf({ from }: Tails): { readonly from: string | null; readonly to: string | null } {
  const actor = from === null ? null : parseActor(from);
  return { from: actor?.host ?? null, to: actor?.peer ?? null };
}

/** `drop next ICMP`, `delay 2nd ICMP fragmentation-needed by 50ms`. */
function icmpFault(
  line: LineContext,
  node: Fault,
  base: { readonly span: Span; readonly text: string },
): Statement | null {
  const icmp = node.icmpKind === undefined ? 'any' : icmpKindNamed(line, node.icmpKind, node);
  const tails = compileTails(line, node);
  if (icmp === null || tails === null) return null;
  const action = faultAction(line, node, tails, base.span);
  if (action === null) return null;
  if (action.kind !== 'drop' && action.kind !== 'delay') {
    report(line, 'icmp-fault', base.span, [action.kind]);
    return null;
  }
  const said = node.icmpCount;
  const span = said === undefined ? base.span : propertySpan(line, node, 'icmpCount');
  if (said !== undefined && node.next !== true) {
    report(line, 'unexpected-word', span, [said, `before \`ICMP\``, '.']);
    return null;
  }
  const counted = said === undefined ? null : plainNumber(line, said, span, { ...ORDINAL, what: 'A count' });
  if (said !== undefined && counted === null) return null;
  const count = faultCount(line, node, counted);
  return count === null
    ? null
    : { ...base, kind: 'fault', action, count, pattern: ANY_SEGMENT, icmp, ...senderOf(tails) };
}

function compileTails(line: LineContext, node: Fault): Tails | null {
  const tails: Tails = { from: null, byUs: null, mark: false };
  const said = new Set<string>();
  for (const tail of node.tails) {
    if (said.has(tail.$type)) {
      report(line, 'said-twice', nodeSpan(line, tail), [`\`${TAIL_WORDS[tail.$type]}\``]);
      return null;
    }
    said.add(tail.$type);
    if (tail.$type === 'FromTail') {
      if (!knownActor(line, tail.host, propertySpan(line, tail, 'host'))) return null;
      tails.from = tail.host;
    } else if (tail.$type === 'ByTail') {
      tails.byUs = duration(line, tail.duration, 'The delay');
      if (tails.byUs === null) return null;
    } else tails.mark = true;
  }
  return tails;
}

const TAIL_WORDS = { FromTail: 'from', ByTail: 'by', MarkTail: 'CE' } as const;

function faultAction(line: LineContext, { action }: Fault, { byUs, mark }: Tails, span: Span): FaultAction | null {
  if (byUs !== null && action !== 'delay' && action !== 'duplicate')
    report(line, 'fault-takes-no', span, [action, 'by', 'delay']);
  else if (mark && action !== 'mark') report(line, 'fault-takes-no', span, [action, 'CE', 'mark']);
  else if (action === 'mark') {
    if (mark) return { kind: 'mark' };
    report(line, 'fault-needs', span, ['mark', '`mark next data CE`']);
  } else if (action === 'delay') {
    if (byUs !== null) return { kind: 'delay', byUs };
    report(line, 'fault-needs', span, ['delay', '`delay next data by 50ms`']);
  } else if (action === 'duplicate') return { kind: action, byUs: byUs ?? 0 };
  else return { kind: action };
  return null;
}

const ORDINAL = { what: 'An ordinal', least: 1, most: 1_000_000 };

function faultCount(line: LineContext, node: Fault, count: number | null): FaultCount | null {
  if (node.next === true) return { kind: 'next', count: count ?? 1 };
  const image = node.ordinal ?? node.step;
  if (image === undefined) return { kind: 'every', step: 1 };
  const span = propertySpan(line, node, node.ordinal === undefined ? 'step' : 'ordinal');
  const ordinal = plainNumber(line, image.slice(0, -2), span, ORDINAL);
  if (ordinal === null) return null;
  return node.ordinal === undefined ? { kind: 'every', step: ordinal } : { kind: 'nth', ordinal };
}
