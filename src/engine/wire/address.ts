/**
 * Whether an address can be that of one host: not unspecified (0.0.0.0/8, ::), and no broadcast (255.255.255.255) or
 * multicast (224.0.0.0/4, ff00::/8) address (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.2). False for a text that is no address.
 */
export function isHostAddress(text: string): boolean {
  const octets = parseAddress(text);
  if (octets === null) return false;
  const [first = 0] = octets;
  if (octets.length === 16) return first !== 0xff && octets.some((octet) => octet !== 0);
  return first !== 0 && (first & 0xf0) !== 0xe0 && octets.some((octet) => octet !== 0xff);
}

/** Whether an address means the host itself: 127.0.0.0/8, ::1. It "MUST NOT appear outside a host" (RFC 1122 section 3.2.1.3 (g), RFC 4291 section 2.5.3). */
export function isLoopbackAddress(text: string): boolean {
  const octets = parseAddress(text);
  if (octets === null) return false;
  if (octets.length === 4) return octets[0] === 127;
  return octets.every((octet, index) => octet === (index === 15 ? 1 : 0));
}

/** The octets of an IP address in text form: 4 for IPv4, 16 for IPv6 (RFC 4291 section 2.2); null when it is neither. */
export function parseAddress(text: string): Uint8Array | null {
  return isIpv6(text) ? parseIpv6(text) : parseIpv4(text);
}

const COLON = 0x3a;

/** Whether an address in text form is one of IPv6, which has a colon after four digits at most; asked for each segment. */
export function isIpv6(text: string): boolean {
  for (let index = 0; index < 5; index++) if (text.charCodeAt(index) === COLON) return true;
  return false;
}

function parseIpv4(text: string): Uint8Array | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  const octets = parts.map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  return octets.every((octet) => octet <= 255) ? Uint8Array.from(octets) : null;
}

function parseIpv6(text: string): Uint8Array | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  // A dotted part may only stand at the very end.
  if (halves.length === 2 && (halves[0] ?? '').includes('.')) return null;
  const head = parseGroups(halves[0] ?? '');
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '') : [];
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  // "::" stands for one group or more.
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** The 16-bit groups between colons; a dotted IPv4 address at the end counts as two. */
function parseGroups(text: string): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16));
      continue;
    }
    const dotted = index === parts.length - 1 ? parseIpv4(part) : null;
    if (dotted === null) return null;
    const [a = 0, b = 0, c = 0, d = 0] = dotted;
    groups.push((a << 8) | b, (c << 8) | d);
  }
  return groups;
}

/** The text form of 4 or 16 octets; IPv6 as RFC 5952 section 4 recommends. */
export function formatAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  const { start, length } = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  // RFC 5952 section 4.2.2: a single zero group is not shortened.
  if (length < 2) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  }
  return best;
}
