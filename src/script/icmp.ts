import { ICMP_KINDS, type IcmpKind, isIcmpKind } from '../engine/icmp';
import { type LineContext, propertySpan, report } from './context';
import { didYouMean, listWords } from './diagnostics';
import { nearest } from './distance';
import type { Fault, Icmp, Inject } from './generated/ast';
import { quantity } from './numbers';
import type { Statement } from './program';
import { compileSegment } from './segments';

/** The kinds of ICMP messages, in the order in which they are listed. */
export const ICMP_KIND_NAMES = Object.keys(ICMP_KINDS).filter(isIcmpKind);

/** The kind that a word names; null after a report. `node` has the word as its property `icmpKind`. */
export function icmpKindNamed(line: LineContext, word: string, node: Icmp | Fault): IcmpKind | null {
  const plain = word.toLowerCase();
  if (isIcmpKind(plain)) return plain;
  const near = nearest(word, ICMP_KIND_NAMES);
  const hint = didYouMean(near, `There are ${listWords(ICMP_KIND_NAMES, 20)}.`);
  report(line, 'unknown-icmp', propertySpan(line, node, 'icmpKind'), [word, hint], near === null ? [] : [near]);
  return null;
}

/** What `inject ICMP KIND mtu N about SEGMENT` forges; null after a report. */
export type IcmpStatement = Pick<Extract<Statement, { kind: 'inject-icmp' }>, 'icmp' | 'mtuBytes' | 'about'>;

/** Reads the message of an `inject ICMP`. */
export function compileIcmp(line: LineContext, node: Icmp): IcmpStatement | null {
  const icmp = icmpKindNamed(line, node.icmpKind, node);
  if (icmp === null) return null;
  const mtuBytes = node.mtu === undefined ? 0 : quantity(line, node.mtu, MTU);
  if (mtuBytes === null) return null;
  if (node.mtu !== undefined && icmp !== 'fragmentation-needed') {
    report(line, 'icmp-takes-no-mtu', propertySpan(line, node, 'mtu'), [icmp]);
    return null;
  }
  if (node.about === undefined) return { icmp, mtuBytes, about: null };
  const about = compileSegment(line, node.about, 'none');
  return about === null ? null : { icmp, mtuBytes, about: about.pattern };
}

const MTU = { unit: 'bytes', least: 1, most: 65_535, bare: true, what: 'The MTU' } as const;

/** Whether a line forges an ICMP message and no segment. */
export function forgesIcmp(node: Inject): node is Inject & { readonly icmp: Icmp } {
  return node.icmp !== undefined;
}
