import fc from 'fast-check';

/**
 * A random world: two hosts with any options, a link that does anything in either direction, and two applications that
 * write, read and close. It is plain data, so that fast-check can shrink it, and it is run as the script that
 * {@link scriptOf} writes: what fails is what is printed.
 */
export interface RandomWorld {
  readonly client: RandomHost;
  readonly server: RandomHost;
  readonly there: RandomLink;
  readonly back: RandomLink;
  readonly seed: number;
  readonly opening: 'passive' | 'simultaneous';
  /** How many bytes each write has, and how long the writer waits after it (milliseconds). */
  readonly clientWrites: readonly (readonly [bytes: number, waitMs: number])[];
  readonly serverWrites: readonly (readonly [bytes: number, waitMs: number])[];
  readonly closing: 'client' | 'server' | 'both';
  /** What happens to the network, or to a reader, at some times. */
  readonly incidents: readonly Incident[];
  /** Whether a side may give up: then an error has to say so. */
  readonly patient: boolean;
}

/** How one host's TCP is set up: lines of its `host` block. */
export interface RandomHost {
  readonly isn: number;
  readonly options: readonly string[];
}

/** One direction of the link. */
export interface RandomLink {
  readonly delayMs: number;
  readonly jitterMs: number;
  readonly mbps: number | null;
  readonly queue: number;
  /** In percent. */
  readonly loss: number;
  readonly duplicate: number;
  readonly reorder: number;
  readonly corrupt: number;
}

/** Something that lasts from a time for a while (milliseconds). */
export interface Incident {
  readonly kind:
    | 'down'
    | 'hold there'
    | 'hold back'
    | 'client reads not'
    | 'server reads not'
    | 'drop data'
    | 'drop any';
  readonly atMs: number;
  readonly forMs: number;
}

const ISNS = fc.oneof(fc.constantFrom(0, 1000, 2 ** 31 - 10, 2 ** 32 - 5000, 2 ** 32 - 1), fc.nat(2 ** 32 - 1));

/** One choice of each option at most; none is as likely as all together. */
const CHOICES: readonly (readonly string[])[] = [
  ['profile linux', 'profile freebsd', 'profile linux', 'profile rfc'],
  ['sack on', 'sack off'],
  ['dsack off'],
  ['timestamps on', 'timestamps off'],
  ['window-scale off', 'window-scale 0', 'window-scale 3', 'window-scale 14'],
  ['mss 1460', 'mss 536', 'mss 100', 'mss 1460', 'mss 8960', 'mss 300'],
  ['window 65535 bytes', 'window 4096 bytes', 'window 1000 bytes', 'window 300 bytes'],
  ['rcvbuf 300000 bytes', 'rcvbuf 20000 bytes', 'rcvbuf 3000 bytes'],
  ['nagle on', 'nagle off'],
  ['delayed-ack 40ms', 'delayed-ack 200ms', 'delayed-ack 499ms', 'delayed-ack off'],
  ['quick-acks 16', 'quick-acks 2'],
  ['congestion reno', 'congestion cubic', 'congestion off'],
  ['iw 1 segments', 'iw 4 segments', 'iw off', 'iw 10 segments'],
  ['idle-restart halving', 'idle-restart off', 'idle-restart at-once'],
  ['ecn on', 'ecn passive', 'ecn off'],
  ['dup-thresh 2', 'dup-thresh off', 'dup-thresh 3'],
  ['limited-transmit off'],
  ['prr on', 'prr off'],
  ['rack on', 'rack off'],
  ['tlp on', 'tlp off'],
  ['f-rto on', 'f-rto off'],
  ['undo on', 'undo off'],
  ['rto-min 30ms', 'rto-min 200ms', 'rto-min 1s'],
  ['probe below-una', 'probe octet'],
  ['challenge-ack-limit 500ms', 'challenge-ack-limit off'],
];

const OPTIONS = fc
  .tuple(...CHOICES.map((words) => fc.option(fc.constantFrom(...words), { freq: 2 })))
  .map((chosen) => chosen.filter((one) => one !== null));
const HOSTS = fc.record({ isn: ISNS, options: OPTIONS });

const LINKS: fc.Arbitrary<RandomLink> = fc.record({
  delayMs: fc.constantFrom(0, 1, 10, 10, 80, 300),
  jitterMs: fc.constantFrom(0, 0, 3, 50),
  mbps: fc.constantFrom(null, null, 0.5, 5, 100),
  queue: fc.constantFrom(5, 20, 1000),
  loss: fc.constantFrom(0, 0, 1, 5, 20),
  duplicate: fc.constantFrom(0, 0, 0, 5, 30),
  reorder: fc.constantFrom(0, 0, 0, 5, 30),
  corrupt: fc.constantFrom(0, 0, 0, 2, 10),
});

/** Most worlds are small: faults at the edges are as likely there, and a failure is easier to read. */
const SIZES = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 3000 }) },
  { weight: 4, arbitrary: fc.integer({ min: 3000, max: 20_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 20_000, max: 60_000 }) },
);
const WRITES = fc.array(fc.tuple(SIZES, fc.constantFrom(0, 0, 1, 30, 250, 3000)), { maxLength: 4 });

const INCIDENTS: fc.Arbitrary<Incident> = fc.record({
  kind: fc.constantFrom(
    'down',
    'hold there',
    'hold back',
    'client reads not',
    'server reads not',
    'drop data',
    'drop any',
  ),
  atMs: fc.constantFrom(0, 15, 35, 60, 200, 1500),
  forMs: fc.constantFrom(5, 40, 300, 2500, 12_000),
});

/** Every random world, the same for the same seed of fast-check. */
export const WORLDS: fc.Arbitrary<RandomWorld> = fc.record({
  client: HOSTS,
  server: HOSTS,
  there: LINKS,
  back: LINKS,
  seed: fc.nat(1_000_000),
  opening: fc.constantFrom('passive', 'passive', 'passive', 'simultaneous'),
  clientWrites: WRITES,
  serverWrites: WRITES,
  closing: fc.constantFrom('client', 'server', 'both'),
  incidents: fc.array(INCIDENTS, { maxLength: 3 }),
  patient: fc.constantFrom(true, true, true, false),
});

/** Gives up late, or soon. */
const PATIENCE = {
  true: ['retries 100', 'orphan-retries off', 'syn-retries 100', 'syn-ack-retries off', 'rto-max 5s'],
  false: ['retries 3', 'syn-retries 3', 'user-timeout 20s'],
};

/** The bytes that a side writes in all. */
export function bytesOf(writes: RandomWorld['clientWrites']): number {
  return writes.reduce((sum, [bytes]) => sum + bytes, 0);
}

/** The world as a script that runs it, and checks at its end what can be checked then. */
export function scriptOf(world: RandomWorld): string {
  const clientBytes = bytesOf(world.clientWrites);
  const serverBytes = bytesOf(world.serverWrites);
  const read = readLines(clientBytes, serverBytes, world.patient);
  return [
    ...hostLines('client', '10.0.0.1:49152', world.client, world.patient),
    ...hostLines('server', '10.0.0.2:80', world.server, world.patient),
    `link { seed ${world.seed} }`,
    linkLine('client -> server', world.there),
    linkLine('server -> client', world.back),
    '',
    ...world.incidents.flatMap(incidentLines),
    ...(world.opening === 'passive'
      ? ['server listen', 'client connect']
      : ['client connect to server', 'server connect to client']),
    `wait until ${world.patient ? 'server' : 'client'} is ESTABLISHED${ORELSE[`${world.patient}`]} within 24h`,
    ...writeLines('client', world.clientWrites),
    ...writeLines('server', world.serverWrites),
    ...read.map((condition) => `wait until ${condition} within 24h`),
    ...closeLines(world),
    'run',
    ...(world.patient ? ['expect client is CLOSED and server is CLOSED', 'expect not client error timeout'] : []),
    ...read.map((condition) => `expect ${condition}`),
    '',
  ].join('\n');
}

const ORELSE: Readonly<Record<string, string>> = { true: '', false: ' or client error any or server error any' };

function readLines(clientBytes: number, serverBytes: number, patient: boolean): string[] {
  const orElse = ORELSE[`${patient}`] ?? '';
  return [
    ...(clientBytes > 0 ? [`server received ${clientBytes} bytes${orElse}`] : []),
    ...(serverBytes > 0 ? [`client received ${serverBytes} bytes${orElse}`] : []),
  ];
}

function hostLines(name: string, address: string, { isn, options }: RandomHost, patient: boolean): string[] {
  const lines = [...options, `isn ${isn}`, ...PATIENCE[`${patient}`], 'msl 1s'];
  return [`host ${name} at ${address} {`, ...lines.map((line) => `  ${line}`), '}'];
}

function linkLine(way: string, link: RandomLink): string {
  const { delayMs, jitterMs, mbps, queue, loss, duplicate, reorder, corrupt } = link;
  const options = [
    `delay ${delayMs}ms`,
    ...(jitterMs > 0 ? [`jitter ${jitterMs}ms`] : []),
    ...(mbps === null ? [] : [`rate ${mbps}Mbps`, `queue ${queue} segments`]),
    ...Object.entries({ loss, duplicate, reorder, corrupt }).flatMap(([name, share]) =>
      share > 0 ? [`${name} ${share}%`] : [],
    ),
  ];
  return `link ${way} { ${options.join(', ')} }`;
}

const BEGIN_END: Readonly<Record<Incident['kind'], (forMs: number) => readonly [begin: string, end: string | null]>> = {
  down: (forMs) => [`link down for ${forMs}ms`, null],
  'hold there': () => ['hold client -> server', 'release client -> server'],
  'hold back': () => ['hold server -> client', 'release server -> client'],
  'client reads not': () => ['client read off', 'client read on'],
  'server reads not': () => ['server read off', 'server read on'],
  'drop data': () => ['drop next 2 data', null],
  'drop any': () => ['drop next 3', null],
};

function incidentLines({ kind, atMs, forMs }: Incident): string[] {
  const [begin, end] = BEGIN_END[kind](forMs);
  return [`at ${atMs}ms { ${begin} }`, ...(end === null ? [] : [`at ${atMs + forMs}ms { ${end} }`])];
}

function writeLines(host: string, writes: RandomWorld['clientWrites']): string[] {
  return writes.flatMap(([bytes, waitMs]) => [
    `${host} write ${bytes} bytes`,
    ...(waitMs > 0 ? [`wait ${waitMs}ms`] : []),
  ]);
}

/** Half-closing, so that nobody closes over data that is still to be read. */
function closeLines({ closing, patient }: RandomWorld): string[] {
  if (!patient) return ['client close', 'server close'];
  if (closing === 'both') return ['client shutdown', 'server shutdown'];
  const second = closing === 'client' ? 'server' : 'client';
  return [`${closing} shutdown`, `wait until ${second} is CLOSE-WAIT within 24h`, `${second} shutdown`];
}
