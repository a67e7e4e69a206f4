const HANDSHAKE = ['server listen', 'client send SYN', 'server send SYN-ACK', 'client send ACK'];

/** Lines of a conversation, over and over: data, its acknowledgment, and a check. */
const ROUND = [
  'client send 100 bytes',
  'server send ACK',
  'expect client is ESTABLISHED',
  'expect server is ESTABLISHED',
];

/**
 * A script of exactly so many lines, in one scenario.
 * @param {number} lines
 */
export function longScript(lines) {
  const rounds = Array.from({ length: lines }, (_, index) => ROUND[index % ROUND.length] ?? '');
  return [...HANDSHAKE, ...rounds].slice(0, lines);
}

/**
 * A script of exactly so many lines, in scenarios of twenty lines each.
 * @param {number} lines
 */
export function manyScenarios(lines) {
  return Array.from({ length: Math.ceil(lines / 20) }, (_, index) => [
    `scenario "Number ${index + 1}"`,
    ...longScript(19),
  ])
    .flat()
    .slice(0, lines);
}

/**
 * A script whose run has about so many events: two a segment, and every segment is acknowledged.
 * @param {number} events
 */
export function longRun(events) {
  const segments = Math.ceil(events / 4);
  return [
    'host client { window 65535 }',
    'link { rate 10Mbps, delay 5ms }',
    ...HANDSHAKE,
    `client write ${segments * 1460} bytes`,
    'run',
  ].join('\n');
}

/**
 * The transfer that is measured beside ns-3. ns-3's side is `bench/ns3-bulk.cc`, with its defaults for what it does not
 * set. What differs: ns-3's application writes 512 bytes at a time, and some of its segments are not full.
 */
export const BULK = {
  bytes: 100_000_000,
  /** A million segments, data and ACKs. */
  millionBytes: 965_400_000,
  ringMoments: 10_000,
  text: '100 Mbit/s, 10 ms one way; Reno, MSS 1460, buffers of 131,072 bytes, window scaling, timestamps, SACK, every second segment acknowledged, initial window 10, queue of 100 segments, on both sides',
};

/**
 * The same transfer as a script.
 * @param {number} bytes
 */
export function bulkScript(bytes) {
  const options =
    'profile rfc, mss 1460, rcvbuf 131072, sndbuf 131072, window-scale 2, timestamps on, sack on, delayed-ack 200ms, congestion reno, iw 10';
  return [
    `host client { ${options} }`,
    `host server { ${options} }`,
    'link { rate 100Mbps, delay 10ms, queue 100 }',
    'server listen',
    'client connect',
    `client write ${bytes} bytes`,
    'run',
  ].join('\n');
}
