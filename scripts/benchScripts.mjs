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
