import type { HostConfig } from '../engine/config';
import type { Endpoint } from '../engine/segment';
import { IPV4_HEADER_BYTES, IPV6_HEADER_BYTES, TCP_HEADER_BYTES } from '../engine/wire';
import { formatAddress, parseAddress } from '../engine/wire/address';
import { type LineContext, propertySpan, report, type ScenarioContext } from './context';
import type { HostDeclaration } from './generated/ast';
import { USUAL_HOSTS } from './hostNames';
import type { HostChange } from './optionEntry';
import { HOST_OPTIONS, PROFILES, type ProfileName } from './options';
import { optionChange } from './optionValues';
import type { Entry } from './parse';
import type { HostOrigin, Span } from './program';

/** The hosts of a scenario and where they were declared. */
export interface Hosts {
  readonly hosts: readonly HostConfig[];
  readonly spans: ReadonlyMap<string, Span>;
  readonly origins: ReadonlyMap<string, HostOrigin>;
}

/** Most hosts of a scenario. */
export const MAX_HOSTS = 64;
/** The longest name of a host, in UTF-16 units. */
const MAX_NAME_LENGTH = 64;

/** A host as far as its line tells; null fields are filled in when all are known. */
interface Declared {
  readonly name: string;
  readonly address: string | null;
  readonly port: number | null;
  readonly options: HostChange;
  /** The line of each option, by its name. */
  readonly optionLines: ReadonlyMap<string, number>;
}

/** Ports of hosts that name none: the first dynamic one (RFC 6335 section 6), and the web's for `server`. */
const DEFAULT_PORTS: ReadonlyMap<string, number> = new Map([['server', 80]]);
const DYNAMIC_PORT = 49_152;

/** Compiles all host lines of a scenario and adds `client` and `server` where they exist by default. */
export function compileHosts(scenario: ScenarioContext, entries: readonly Entry[], profile: ProfileName): Hosts {
  const declared: Declared[] = [];
  const spans = new Map<string, Span>();
  const addresses = new Map<string, SocketOwner>();
  for (const entry of entries) {
    if (!entry.parse.ok || entry.parse.node.$type !== 'HostDeclaration') continue;
    const line: LineContext = { scenario, piece: entry.piece };
    const host = compileHost(line, entry.parse.node, entry, spans, addresses);
    if (host !== null) declared.push(host);
  }
  const all = withUsualHosts(declared, entries);
  const origins = new Map(
    all.map(({ name, options, optionLines }) => [name, { profile: options.profile ?? profile, optionLines }]),
  );
  return { hosts: complete(all, profile), spans, origins };
}

function compileHost(
  line: LineContext,
  node: HostDeclaration,
  entry: Entry,
  spans: Map<string, Span>,
  addresses: Map<string, SocketOwner>,
): Declared | null {
  const { name } = node;
  const span = propertySpan(line, node, 'name');
  const { options, optionLines } = hostOptions(line.scenario, entry);
  const before = spans.get(name);
  if (before !== undefined) {
    report(line, 'duplicate-host', span, [name, String(before.line)]);
    return null;
  }
  if (name.length > MAX_NAME_LENGTH) {
    report(line, 'bad-host-name', span, [`${name.slice(0, MAX_NAME_LENGTH)}…`]);
    return null;
  }
  if (spans.size >= MAX_HOSTS) {
    if (spans.size === MAX_HOSTS) report(line, 'too-many-hosts', span, [String(MAX_HOSTS)]);
    return null;
  }
  spans.set(name, span);
  if (node.address === undefined) return { name, address: null, port: null, options, optionLines };
  const endpoint = compileAddress(line, node, node.address, addresses);
  return { name, address: endpoint?.address ?? null, port: endpoint?.port ?? null, options, optionLines };
}

function hostOptions(scenario: ScenarioContext, entry: Entry): Pick<Declared, 'options' | 'optionLines'> {
  let options: HostChange = {};
  const optionLines = new Map<string, number>();
  for (const { parse, piece } of entry.block?.entries ?? []) {
    if (!parse.ok || parse.node.$type !== 'Option') continue;
    const line: LineContext = { scenario, piece };
    const { name } = parse.node;
    if (optionLines.has(name)) report(line, 'said-twice', propertySpan(line, parse.node, 'name'), [`\`${name}\``]);
    optionLines.set(name, piece.line);
    options = { ...options, ...optionChange(line, parse.node, HOST_OPTIONS, 'A host') };
  }
  return { options, optionLines };
}

/** An address and a port as a line writes them; null after a report. The port is null where none is written. */
function readSocket(
  line: LineContext,
  text: string,
  span: Span,
): { readonly address: string; readonly port: number | null } | null {
  const parts = /^\[([^\]]*)\](?::(\d+))?$/.exec(text) ?? /^([0-9.]+):(\d+)$/.exec(text) ?? [text, text, undefined];
  const bytes = parseAddress(parts[1] ?? '');
  if (bytes === null) {
    report(line, 'bad-address', span, [text]);
    return null;
  }
  const port = parts[2] === undefined ? null : Number(parts[2]);
  if (port !== null && !(port >= 1 && port <= 65_535)) {
    report(line, 'bad-port', span, [parts[2] ?? '']);
    return null;
  }
  return { address: formatAddress(bytes), port };
}

/** The socket that a line names, at the first dynamic port when it names none; null after a report. */
export function socketOf(line: LineContext, text: string, span: Span): Endpoint | null {
  const socket = readSocket(line, text, span);
  return socket === null ? null : { address: socket.address, port: socket.port ?? DYNAMIC_PORT };
}

/** `addresses` holds who has each socket so far. Hosts at one address stand for connections of one machine, told apart by their ports. */
function compileAddress(
  line: LineContext,
  node: HostDeclaration,
  text: string,
  addresses: Map<string, SocketOwner>,
): { readonly address: string; readonly port: number | null } | null {
  const span = propertySpan(line, node, 'address');
  const socket = readSocket(line, text, span);
  if (socket === null) return null;
  const { address } = socket;
  const key = `${address} ${socket.port ?? defaultPort(node.name)}`;
  const owner = addresses.get(key);
  const [other] = addresses.values();
  if (owner !== undefined) report(line, 'duplicate-address', span, [address, owner.name]);
  else if (other !== undefined && isIpv6(other.address) !== isIpv6(address))
    report(line, 'mixed-addresses', span, [address]);
  else {
    addresses.set(key, { name: node.name, address });
    return socket;
  }
  return null;
}

/** Who has a socket. */
interface SocketOwner {
  readonly name: string;
  readonly address: string;
}

function defaultPort(name: string): number {
  return DEFAULT_PORTS.get(name) ?? DYNAMIC_PORT;
}

function isIpv6(address: string): boolean {
  return address.includes(':');
}

/** `client` and `server` exist when no host is declared, or when the script mentions them; they come first, in this order. */
function withUsualHosts(declared: readonly Declared[], entries: readonly Entry[]): readonly Declared[] {
  const missing = USUAL_HOSTS.filter(
    (name) => !declared.some((host) => host.name === name) && (declared.length === 0 || mentions(entries, name)),
  );
  if (missing.length === 0) return declared;
  const usual = USUAL_HOSTS.flatMap((name): Declared[] => {
    const own = declared.find((host) => host.name === name);
    if (own !== undefined) return [own];
    return missing.includes(name) ? [{ name, address: null, port: null, options: {}, optionLines: new Map() }] : [];
  });
  return [...usual, ...declared.filter((host) => !usual.includes(host))];
}

function mentions(entries: readonly Entry[], name: string): boolean {
  const word = new RegExp(`(?<![\\p{L}\\p{N}_-])${name}(?![\\p{L}\\p{N}_-])`, 'u');
  return entries.some(
    ({ piece, block }) =>
      word.test(piece.text.replace(/"[^"]*"/g, '""')) || (block !== null && mentions(block.entries, name)),
  );
}

/** Gives every host what its line did not say: an address of its own, and a port. */
function complete(declared: readonly Declared[], profile: ProfileName): readonly HostConfig[] {
  const taken = new Set(declared.flatMap((host) => (host.address === null ? [] : [host.address])));
  const prefix = [...taken].some(isIpv6) ? '2001:db8::' : '10.0.0.';
  return declared.map((host, index) => {
    const usual = USUAL_HOSTS.indexOf(host.name);
    const place = usual >= 0 ? usual : index;
    // The other options override the profile, wherever it stands among them.
    const { profile: ownProfile, ...options } = host.options;
    return {
      ...PROFILES[ownProfile ?? profile],
      ...options,
      ...interfaceOf(options, prefix.includes(':')),
      name: host.name,
      address: host.address ?? freeAddress(prefix, place + 1, taken),
      port: host.port ?? defaultPort(host.name),
    };
  });
}

/** The MTU of Ethernet, which an interface has unless its host says otherwise. */
const USUAL_MTU = 1_500;

/**
 * The interface of a host: the MSS that goes with its MTU (RFC 9293 section 3.7.1, MUST-67), and the MTU where it does not
 * just follow from the MSS.
 */
function interfaceOf({ mtuBytes, mssBytes }: HostChange, isIpv6: boolean): Pick<HostConfig, 'mtuBytes' | 'mssBytes'> {
  const headerBytes = (isIpv6 ? IPV6_HEADER_BYTES : IPV4_HEADER_BYTES) + TCP_HEADER_BYTES;
  const mss = mssBytes ?? Math.max(1, (mtuBytes ?? USUAL_MTU) - headerBytes);
  const mtu = mtuBytes ?? null;
  return { mssBytes: mss, mtuBytes: mtu === mss + headerBytes ? null : mtu };
}

function freeAddress(prefix: string, from: number, taken: Set<string>): string {
  for (let last = from; ; last++) {
    const address = `${prefix}${prefix.includes(':') ? last.toString(16) : last}`;
    if (taken.has(address)) continue;
    taken.add(address);
    return address;
  }
}
