import type { AstNode } from 'langium';
import { parseActor } from '../engine/actor';
import type { UserCall } from '../engine/calls';
import type { LinkConfig } from '../engine/config';
import { octetsFromText } from '../engine/octets';
import type { Endpoint } from '../engine/segment';
import { compileCondition, stateNamed } from './conditions';
import { type LineContext, nodeSpan, nodeText, propertySpan, report, type ScenarioContext } from './context';
import { compileFault } from './faults';
import { formatLine } from './formatLine';
import type {
  Action,
  At,
  Direction,
  Expect,
  HostStatement,
  Icmp,
  Inject,
  InjectTail,
  LinkStatement,
  On,
  Send,
  SetLink,
  SpoofTail,
  Statement as StatementNode,
  Wait,
  Write,
} from './generated/ast';
import { knownActor, knownHost, usualPeer } from './hostNames';
import { socketOf } from './hosts';
import { compileIcmp, forgesIcmp } from './icmp';
import { pieceSpan } from './layout';
import { duration, quantity } from './numbers';
import { linkChange, setChange } from './optionValues';
import type { Block, Entry } from './parse';
import type { Span, Statement } from './program';
import { compileSegment, MAX_BYTES, textOf } from './segments';

/** What every statement starts with. */
interface Base {
  readonly span: Span;
  readonly text: string;
}

/** The statements of a scenario or of a block; lines that are wrong are reported and left out. */
export function compileEntries(scenario: ScenarioContext, entries: readonly Entry[], nested: boolean): Statement[] {
  const statements: Statement[] = [];
  for (const entry of entries) {
    if (!entry.parse.ok || entry.rule === 'Option') {
      if (entry.block?.rule === 'Statement') compileEntries(scenario, entry.block.entries, true);
      continue;
    }
    const { node } = entry.parse;
    if (node.$type === 'Option') continue;
    const line: LineContext = { scenario, piece: entry.piece };
    if (isDeclaration(node, entry)) {
      if (nested)
        report(line, 'misplaced-declaration', pieceSpan(entry.piece), [entry.piece.text.split(/\s/)[0] ?? '']);
      continue;
    }
    statements.push(...compileStatement(line, node, entry.block));
  }
  return statements;
}

function isDeclaration(node: StatementNode, entry: Entry): boolean {
  if (node.$type === 'Scenario' || node.$type === 'HostDeclaration') return true;
  return node.$type === 'LinkStatement' && node.state === undefined && entry.block !== null;
}

function compileStatement(line: LineContext, node: StatementNode, block: Block | null): Statement[] {
  const base: Base = { span: pieceSpan(line.piece), text: formatLine(line.piece.text, node) };
  switch (node.$type) {
    case 'HostStatement':
      return only(hostStatement(line, node, base));
    case 'Fault':
      return only(compileFault(line, node, base));
    case 'Expect':
      return only(expectStatement(line, node, base));
    case 'Wait':
      return only(waitStatement(line, node, base));
    case 'Run':
      return [{ ...base, kind: 'run' }];
    case 'Hold':
    case 'Release':
      return only(holdStatement(line, node.direction, base, node.$type === 'Hold' ? 'hold' : 'release'));
    case 'LinkStatement':
      return linkStatement(line, node, block, base);
    case 'SetLink':
      return setLink(line, node, base);
    case 'At':
      return only(atStatement(line, node, block, base));
    case 'On':
      return only(onStatement(line, node, block, base));
    case 'Scenario':
    case 'HostDeclaration':
      return [];
  }
}

function only(statement: Statement | null): Statement[] {
  return statement === null ? [] : [statement];
}

function hostStatement(line: LineContext, node: HostStatement, base: Base): Statement | null {
  const { host, action } = node;
  if (!knownActor(line, host, propertySpan(line, node, 'host'))) return null;
  if (action.$type === 'Send') return sendStatement(line, action, host, base);
  if (action.$type === 'Inject') {
    return forgesIcmp(action)
      ? injectIcmpStatement(line, action, host, base)
      : injectStatement(line, action, host, base);
  }
  const call = userCall(line, action, host);
  return call === null ? null : { ...base, kind: 'call', host, call };
}

/** The user call of RFC 9293 section 3.9.1 that a verb stands for; null after a report. */
function userCall(line: LineContext, action: Exclude<Action, Send | Inject>, host: string): UserCall | null {
  switch (action.$type) {
    case 'Listen':
      return { kind: 'open-passive' };
    case 'Connect': {
      const remoteHost = action.to === undefined ? ownPeer(line, host) : peer(line, host, action.to, action);
      return remoteHost === null ? null : { kind: 'open-active', remoteHost };
    }
    case 'Write':
      return writeCall(line, action, host);
    case 'Read': {
      if (action.mode !== undefined) return readMode(line, action.mode, propertySpan(line, action, 'mode'));
      if (action.length === undefined) return { kind: 'receive', lengthBytes: null };
      const lengthBytes = quantity(line, action.length, { ...LENGTH, least: 1, what: 'The number of bytes to read' });
      return lengthBytes === null ? null : { kind: 'receive', lengthBytes };
    }
    case 'Close':
      return { kind: 'close' };
    case 'Shutdown':
      return { kind: 'shutdown' };
    case 'Abort':
      return { kind: 'abort' };
    case 'Forget':
      return { kind: 'forget' };
    case 'Status':
      return { kind: 'status' };
    case 'SetOption': {
      const change = setChange(line, action.option);
      return change === null ? null : { kind: 'set', ...change };
    }
  }
}

/** Whom a `connect` without `to` means: `client:bob connect` says it, else the usual one. */
function ownPeer(line: LineContext, actor: string): string | null {
  const { host, peer: named } = parseActor(actor);
  return named ?? usualPeer(line, host, pieceSpan(line.piece));
}

function peer(line: LineContext, actor: string, other: string, node: AstNode): string | null {
  const span = propertySpan(line, node, 'to');
  const { host, peer: named } = parseActor(actor);
  if (!knownHost(line, other, span)) return null;
  if (other === host) report(line, 'talks-to-itself', span, [host]);
  else if (named !== null && named !== other) report(line, 'other-peer', span, [actor, named, other]);
  else return other;
  return null;
}

function readMode(line: LineContext, mode: string, span: Span): UserCall | null {
  if (mode === 'on' || mode === 'off') return { kind: 'read-mode', automatic: mode === 'on' };
  report(line, 'bad-option-value', span, ['read', '`all`, a length such as `100 bytes`, `on` or `off`']);
  return null;
}

const LENGTH = { unit: 'bytes', most: MAX_BYTES, bare: false } as const;

function writeCall(line: LineContext, node: Write, host: string): UserCall | null {
  const { manners } = node;
  if (new Set(manners).size < manners.length) {
    report(line, 'said-twice', propertySpan(line, node, 'manners'), [`\`${manners[0] ?? ''}\``]);
    return null;
  }
  const how = { push: manners.includes('push'), urgent: manners.includes('urgent') };
  if (node.text !== undefined) {
    const text = textOf(line, node.text, propertySpan(line, node, 'text'));
    return text === null ? null : { kind: 'send', octets: octetsFromText(text), ...how };
  }
  if (node.length === undefined) return null;
  const lengthBytes = quantity(line, node.length, { ...LENGTH, least: 1, what: 'The number of bytes to write' });
  if (lengthBytes === null) return null;
  const start = line.scenario.writtenBytes.get(host) ?? 0;
  line.scenario.writtenBytes.set(host, start + lengthBytes);
  return { kind: 'send', octets: { kind: 'pattern', start, lengthBytes }, ...how };
}

function sendStatement(line: LineContext, node: Send, host: string, base: Base): Statement | null {
  const segment = compileSegment(line, node.segment, 'none');
  const withinUs = node.within === undefined ? null : duration(line, node.within, 'The time of `within`');
  if (segment === null || (withinUs === null && node.within !== undefined)) return null;
  return { ...base, kind: 'send', host, pattern: segment.pattern, withinUs };
}

/** What an IPv4 datagram of 65,535 octets holds besides 20 octets of IP header and up to 60 of TCP header. */
const MAX_INJECT_BYTES = 65_455;

function injectStatement(line: LineContext, node: Inject, host: string, base: Base): Statement | null {
  if (node.segment === undefined) return null;
  const segment = compileSegment(line, node.segment, 'none');
  if (segment === null) return null;
  const { pattern } = segment;
  if (pattern.kind !== 'flags' && pattern.lengthBytes === null && pattern.text === null) {
    report(line, 'vague-segment', nodeSpan(line, node.segment), [nodeText(line, node.segment)]);
    return null;
  }
  const names = compileInjectTails(line, node, host);
  if (names === null) return null;
  if ((pattern.lengthBytes ?? 0) > MAX_INJECT_BYTES) {
    report(line, 'out-of-range', nodeSpan(line, node.segment), [
      'The length of a forged segment',
      `${pattern.lengthBytes} bytes`,
      '0',
      `${MAX_INJECT_BYTES} bytes`,
      '',
    ]);
    return null;
  }
  return { ...base, kind: 'inject', host, pattern, ...names };
}

function injectIcmpStatement(
  line: LineContext,
  node: Inject & { readonly icmp: Icmp },
  host: string,
  base: Base,
): Statement | null {
  const message = compileIcmp(line, node.icmp);
  const names = message === null ? null : compileInjectTails(line, node, host);
  return message === null || names === null ? null : { ...base, kind: 'inject-icmp', host, ...message, ...names };
}

/** Whom a forged segment claims to come from, and whom it is for. */
interface InjectNames {
  readonly spoof: string | Endpoint | null;
  readonly to: string | null;
}

function compileInjectTails(line: LineContext, node: Inject, host: string): InjectNames | null {
  const said = new Map<InjectTail['$type'], InjectTail>();
  for (const tail of node.tails) {
    if (said.has(tail.$type)) {
      report(line, 'said-twice', nodeSpan(line, tail), [tail.$type === 'SpoofTail' ? '`spoof`' : '`to`']);
      return null;
    }
    said.set(tail.$type, tail);
  }
  const spoofTail = said.get('SpoofTail');
  const spoof = spoofTail?.$type === 'SpoofTail' ? spoofed(line, spoofTail) : undefined;
  if (spoof === null) return null;
  const toTail = said.get('ToTail');
  const to = toTail?.$type === 'ToTail' ? toTail.host : undefined;
  const toSpan = toTail === undefined ? null : propertySpan(line, toTail, 'host');
  if (to !== undefined && toSpan !== null && !knownHost(line, to, toSpan)) return null;
  const sender = spoof ?? host;
  if (typeof sender !== 'string') return { spoof: sender, to: to ?? null };
  const { host: sendingHost, peer: sendingPeer } = parseActor(sender);
  if (to !== undefined && to === sendingHost) {
    report(line, 'talks-to-itself', toSpan ?? nodeSpan(line, node), [sendingHost]);
    return null;
  }
  return { spoof: spoof ?? null, to: to ?? sendingPeer };
}

/** The host, connection or socket that a forged segment claims to come from; null after a report. */
function spoofed(line: LineContext, node: SpoofTail): string | Endpoint | null {
  const { host, address } = node;
  if (address !== undefined) return socketOf(line, address, propertySpan(line, node, 'address'));
  return host !== undefined && knownActor(line, host, propertySpan(line, node, 'host')) ? host : null;
}

function expectStatement(line: LineContext, node: Expect, base: Base): Statement | null {
  const condition = compileCondition(line, node.condition);
  const withinUs = node.within === undefined ? null : duration(line, node.within, 'The time of `within`');
  if (condition === null || (withinUs === null && node.within !== undefined)) return null;
  return { ...base, kind: 'expect', now: node.now === true, condition, withinUs };
}

function waitStatement(line: LineContext, node: Wait, base: Base): Statement | null {
  if (node.duration !== undefined) {
    const durationUs = duration(line, node.duration, 'A waiting time');
    return durationUs === null ? null : { ...base, kind: 'wait', durationUs };
  }
  if (node.condition === undefined) return null;
  const condition = compileCondition(line, node.condition);
  const withinUs = node.within === undefined ? null : duration(line, node.within, 'The time of `within`');
  if (condition === null || (withinUs === null && node.within !== undefined)) return null;
  return { ...base, kind: 'wait-until', condition, withinUs };
}

/** The two ends of a direction, or null after a report. */
function ends(line: LineContext, node: Direction): { readonly from: string; readonly to: string } | null {
  const known = knownHost(line, node.from, propertySpan(line, node, 'from'));
  if (!knownHost(line, node.to, propertySpan(line, node, 'to')) || !known) return null;
  if (node.from !== node.to) return { from: node.from, to: node.to };
  report(line, 'talks-to-itself', nodeSpan(line, node), [node.from]);
  return null;
}

/** The directions that a statement about the link means: one, both of a pair, or every one (from and to null). */
export function directions(
  line: LineContext,
  node: Direction | undefined,
): readonly { readonly from: string | null; readonly to: string | null }[] {
  if (node === undefined) return [{ from: null, to: null }];
  const one = ends(line, node);
  if (one === null) return [];
  if (node.arrow === '->') return [one];
  if (line.scenario.hostNames.length === 2) return [{ from: null, to: null }];
  return [one, { from: one.to, to: one.from }];
}

function holdStatement(
  line: LineContext,
  node: Direction | undefined,
  base: Base,
  kind: 'hold' | 'release',
): Statement | null {
  if (node === undefined) return { ...base, kind, from: null, to: null };
  if (node.arrow === '--') {
    report(line, 'one-direction', nodeSpan(line, node), [kind]);
    return null;
  }
  const direction = ends(line, node);
  return direction === null ? null : { ...base, kind, ...direction };
}

function linkStatement(line: LineContext, node: LinkStatement, block: Block | null, base: Base): Statement[] {
  if (node.state === undefined) {
    report(line, 'link-says-nothing', base.span, []);
    return [];
  }
  if (block !== null) {
    report(line, 'link-and-block', block.open, []);
    return [];
  }
  const forUs = node.duration === undefined ? null : duration(line, node.duration, 'The time of `for`');
  if (forUs === null && node.duration !== undefined) return [];
  const change = { up: node.state === 'up' };
  return directions(line, node.direction).map((ways) => ({ ...base, kind: 'set-link', ...ways, change, forUs }));
}

function setLink(line: LineContext, node: SetLink, base: Base): Statement[] {
  let change: Partial<LinkConfig> = {};
  for (const option of node.options) {
    const found = linkChange(line, option);
    if (found === null) return [];
    if ('seed' in found) {
      report(line, 'misplaced-declaration', nodeSpan(line, option), ['seed']);
      return [];
    }
    change = { ...change, ...found.link };
  }
  return directions(line, node.direction).map((ways) => ({ ...base, kind: 'set-link', ...ways, change, forUs: null }));
}

function atStatement(line: LineContext, node: At, block: Block | null, base: Base): Statement | null {
  const timeUs = duration(line, node.time, 'The time of `at`');
  const body = blockBody(line, block, 'at', '`at 1.2s { client close }`');
  return timeUs === null || body === null ? null : { ...base, kind: 'at', timeUs, body };
}

function onStatement(line: LineContext, node: On, block: Block | null, base: Base): Statement | null {
  const known = knownActor(line, node.host, propertySpan(line, node, 'host'));
  const body = blockBody(line, block, 'on', '`on server is CLOSE-WAIT { server close }`');
  if (node.state !== undefined) {
    const state = stateNamed(line, node.state, node);
    return state === null || body === null || !known
      ? null
      : { ...base, kind: 'on', host: node.host, trigger: { kind: 'state', state }, body };
  }
  const segment = node.segment === undefined ? null : compileSegment(line, node.segment, 'none');
  if (segment === null || body === null || !known) return null;
  return { ...base, kind: 'on', host: node.host, trigger: { kind: 'receives', pattern: segment.pattern }, body };
}

function blockBody(line: LineContext, block: Block | null, head: string, example: string): Statement[] | null {
  if (block !== null) return compileEntries(line.scenario, block.entries, true);
  report(line, 'missing-block', pieceSpan(line.piece), [head, example]);
  return null;
}
