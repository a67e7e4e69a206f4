import { describe, expect, it } from 'vitest';
import { compileScript, DIAGNOSTICS, type DiagnosticId } from '../../src/script';
import { problemsOf } from './support';

/** A text, and the one diagnostic that it gives: id and place. */
const ROWS: readonly (readonly [text: string, id: DiagnosticId, place: string])[] = [
  ['', 'empty-script', '1:1-1'],
  ['\n# only a comment\n', 'empty-script', '1:1-1'],
  ['server listen\nab\u0000cd', 'binary-file', '2:3-4'],
  [`${'\n'.repeat(20_000)}`, 'too-many-lines', '20001:1-2'],
  [`client write "${'x'.repeat(5_000)}"`, 'line-too-long', '1:1-4001'],
  [`expect ${'not '.repeat(300)}segment lost`, 'line-too-complex', '1:1-1220'],
  [`expect ${'('.repeat(21)}1${')'.repeat(21)} == 1`, 'too-many-parentheses', '1:1-56'],
  ['clent frob', 'unknown-word', '1:1-6'],
  ['client sned SYN', 'unknown-word', '1:8-12'],
  ['drp next', 'unknown-word', '1:1-4'],
  ['client send SYNACK', 'unknown-word', '1:13-19'],
  ['client send SYN,AKC', 'unknown-word', '1:13-20'],
  ['client send SYN wihtin 2s', 'unknown-word', '1:17-23'],
  ['SYN', 'unexpected-word', '1:1-4'],
  ['drop SYN', 'unexpected-word', '1:6-9'],
  ['expect', 'incomplete-line', '1:1-7'],
  ['client', 'incomplete-line', '1:1-7'],
  ['expect client.ISS ==', 'incomplete-line', '1:19-21'],
  ['client @ server', 'unexpected-character', '1:8-9'],
  ['client write "GET /', 'unclosed-string', '1:14-20'],
  ['client write "a\\qb"', 'bad-escape', '1:16-18'],
  ['on client is CLOSED {\nserver listen', 'unclosed-brace', '1:21-22'],
  ['server listen\n}', 'unexpected-brace', '2:1-2'],
  ['server listen { }', 'brace-without-head', '1:15-16'],
  ['at 1s', 'missing-block', '1:1-6'],
  ['on server is LISTEN', 'missing-block', '1:1-20'],
  [`${'at 1s {'.repeat(17)} run ${'}'.repeat(17)}`, 'too-deep', '1:119-120'],
  ['host send at 10.0.0.1\nrun', 'reserved-word', '1:6-10'],
  ['repeat 3', 'not-yet', '1:1-7'],
  ['let x = 5', 'not-yet', '1:1-4'],
  ['expect client is ?', 'not-yet', '1:18-19'],
  ['client is CLOSED', 'missing-expect', '1:1-17'],
  ['isn 1000', 'option-outside', '1:1-4'],
  ['loss 1%', 'option-outside', '1:1-5'],
  ['client write -5 bytes', 'negative-number', '1:14-16'],
  ['client send ACK win -1', 'negative-number', '1:21-23'],
  ['at 1s { host a }\nrun', 'misplaced-declaration', '1:9-15'],
  ['set link seed 5', 'misplaced-declaration', '1:10-16'],
  ['expect client.ISS = 5', 'single-equals', '1:19-20'],
  ['expect not client.RTO', 'no-comparison', '1:12-22'],
  ['attacker inject RST', 'unknown-host', '1:1-9'],
  ['clinet send SYN', 'unknown-host', '1:1-7'],
  ['expect attacker.ISS == 5', 'unknown-host', '1:8-16'],
  ['drop next from attacker', 'unknown-host', '1:16-24'],
  ['host a\nhost a\nrun', 'duplicate-host', '2:6-7'],
  [`host ${'a'.repeat(65)}\nrun`, 'bad-host-name', '1:6-71'],
  [`${Array.from({ length: 65 }, (_, i) => `host h${i}`).join('\n')}\nrun`, 'too-many-hosts', '65:6-9'],
  ['client connect to client', 'talks-to-itself', '1:19-25'],
  ['hold client -> client', 'talks-to-itself', '1:6-22'],
  ['client inject RST to client', 'talks-to-itself', '1:22-28'],
  ['client inject RST to server spoof server', 'talks-to-itself', '1:22-28'],
  ['host a\nhost b\nhost c\na connect', 'which-host', '4:1-10'],
  ['host a\na connect', 'no-other-host', '2:1-10'],
  ['host a at 10.0.0.300\nrun', 'bad-address', '1:11-21'],
  ['host a at home\nrun', 'bad-address', '1:11-15'],
  ['host a at [::g]:80\nrun', 'bad-address', '1:11-19'],
  ['host a at 10.0.0.1:70000\nrun', 'bad-port', '1:11-25'],
  ['host a at 10.0.0.1:0\nrun', 'bad-port', '1:11-21'],
  ['host a at 10.0.0.1:1\nhost b at 10.0.0.1:1\nrun', 'duplicate-address', '2:11-21'],
  ['host a at 10.0.0.1\nhost b at 10.0.0.1\nrun', 'duplicate-address', '2:11-19'],
  ['host c at 10.0.0.9\nclient:server connect to c', 'other-peer', '2:26-27'],
  ['client:server:x close', 'unexpected-character', '1:14-15'],
  ['expect server:nobody is CLOSED', 'unknown-host', '1:15-21'],
  ['expect nobody:server.SND.NXT == 1', 'unknown-host', '1:8-14'],
  ['server:server close', 'talks-to-itself', '1:8-14'],
  ['host a at 10.0.0.1\nhost b at ::1\nrun', 'mixed-addresses', '2:11-14'],
  ['expect client is ESTABLISHD', 'unknown-state', '1:18-28'],
  ['host client { isnn 5 }\nrun', 'unknown-option', '1:15-19'],
  ['host client { sacks on }\nrun', 'unknown-option', '1:15-20'],
  ['link { isn 5 }\nrun', 'unknown-option', '1:8-11'],
  ['client set nodealy on', 'unknown-option', '1:12-19'],
  ['host client { nagle 5 }\nrun', 'bad-option-value', '1:15-22'],
  ['host client { profile minix }\nrun', 'bad-option-value', '1:15-28'],
  ['host client { isn }\nrun', 'bad-option-value', '1:15-18'],
  ['client read of', 'bad-option-value', '1:13-15'],
  ['client send SYN <mss>', 'bad-option-value', '1:18-21'],
  ['expect client.SND.NTX == 5', 'unknown-variable', '1:15-22'],
  ['expect client. == 5', 'unknown-variable', '1:15-16'],
  ['expect client error broken', 'unknown-error', '1:21-27'],
  ['scenario "a"\nrun\nscenario "a"\nrun', 'duplicate-scenario', '3:10-13'],
  ['scenario "a"', 'empty-scenario', '1:1-13'],
  ['host client', 'empty-scenario', '1:1-12'],
  ['wait 5 parsecs', 'unknown-unit', '1:8-15'],
  ['wait 5mss', 'unknown-unit', '1:7-10'],
  ['wait 3KiB', 'wrong-unit', '1:6-10'],
  ['link { rate 10s }\nrun', 'wrong-unit', '1:13-16'],
  ['wait 5', 'missing-unit', '1:6-7'],
  ['client send 100', 'missing-unit', '1:13-16'],
  ['wait 0.5us', 'not-whole', '1:6-11'],
  ['client write 1.5 bytes', 'not-whole', '1:14-23'],
  ['wait 1e30s', 'out-of-range', '1:6-11'],
  ['wait 1e999s', 'out-of-range', '1:6-12'],
  ['expect client.SND.NXT == 99999999999999999999', 'out-of-range', '1:26-46'],
  ['expect 4294967296 > client.SND.NXT', 'out-of-range', '1:8-18'],
  ['expect client.SND.NXT == 4294967295 + 1', 'out-of-range', '1:26-40'],
  ['expect client.RTO < 25h', 'out-of-range', '1:21-24'],
  ['expect client.flight < 1e20', 'out-of-range', '1:24-28'],
  ['expect client.SND.NXT == -5', 'negative-number', '1:26-28'],
  ['expect client.SND.NXT == 1.5', 'not-whole', '1:26-29'],
  ['expect 1/0 == 1', 'division-by-zero', '1:8-11'],
  ['expect client.flight / (2 - 2) == 1', 'division-by-zero', '1:8-31'],
  ['client write 99GiB', 'out-of-range', '1:14-19'],
  ['client write 0 bytes', 'out-of-range', '1:14-21'],
  ['host client { isn 4294967296 }\nrun', 'out-of-range', '1:19-29'],
  ['link { loss 101% }\nrun', 'out-of-range', '1:13-17'],
  ['client send ACK win 65536', 'out-of-range', '1:17-26'],
  ['client send SYN <wscale 15>', 'out-of-range', '1:18-27'],
  ['drop 0th data', 'out-of-range', '1:6-9'],
  ['client inject 1MiB', 'out-of-range', '1:15-19'],
  ['expect client.RTO == 5', 'unit-mismatch', '1:8-23'],
  ['expect client.ISS + server.ISS == 5', 'unit-mismatch', '1:8-31'],
  ['client send SYN-SYN', 'said-twice', '1:13-20'],
  ['client send FIN seq 1 seq 2', 'said-twice', '1:23-28'],
  ['client send 5 bytes len 5', 'said-twice', '1:21-26'],
  ['client send SYN <sack, sackOK>', 'said-twice', '1:24-30'],
  ['client inject SYN <mss 5> <sack>', 'two-option-lists', '1:19-33'],
  ['client inject RST to server seq 5', 'late-field', '1:19-34'],
  ['drop next from client from server', 'said-twice', '1:23-34'],
  ['client write 5 bytes push push', 'said-twice', '1:22-26'],
  ['attacker inject RST spoof client spoof server\nhost attacker', 'said-twice', '1:34-46'],
  ['host client { isn 1, isn 2 }\nrun', 'said-twice', '1:22-25'],
  ['expect client sent 2 times', 'empty-segment', '1:15-27'],
  ['client send SYN data', 'contradiction', '1:17-21'],
  ['client inject data', 'vague-segment', '1:15-19'],
  ['client send SYN <foo 1>', 'unknown-segment-option', '1:18-21'],
  ['delay next', 'fault-needs', '1:1-11'],
  ['mark next data', 'fault-needs', '1:1-15'],
  ['drop next by 50ms', 'fault-takes-no', '1:1-18'],
  ['drop next CE', 'fault-takes-no', '1:1-13'],
  ['client inject ICMP host-unreachble', 'unknown-icmp', '1:20-35'],
  ['client inject ICMP host-unreachable mtu 5', 'icmp-takes-no-mtu', '1:41-42'],
  ['corrupt next ICMP', 'icmp-fault', '1:1-18'],
  ['hold client -- server', 'one-direction', '1:6-22'],
  ['link', 'link-says-nothing', '1:1-5'],
  ['link down { delay 5ms }', 'link-and-block', '1:11-12'],
];

describe('every wrong text gives one remark at its place', () => {
  it.each(ROWS.map(([text, id, place]) => [text.length > 60 ? `${text.slice(0, 60)}…` : text, text, id, place]))(
    '%j',
    (_, text, id, place) => {
      expect(problemsOf(text)).toEqual([`${id} ${place}`]);
    },
  );

  it('covers the whole table', () => {
    const covered = new Set<string>(ROWS.map(([, id]) => id));
    const missing = Object.keys(DIAGNOSTICS).filter((id) => !covered.has(id) && id !== 'too-many-problems');
    expect(missing).toEqual([]);
  });
});

describe('messages', () => {
  const first = (text: string) => compileScript(text).diagnostics[0];

  it.each([
    ['client sned SYN', 'send'],
    ['drp next', 'drop'],
    ['exepct client is CLOSED', 'expect'],
    ['client send SYNACK', 'SYN-ACK'],
    ['client send SNY', 'SYN'],
    ['expect client is ESTABLISHD', 'ESTABLISHED'],
    ['expect client is TIMEWAIT', 'TIME-WAIT'],
    ['clinet send SYN', 'client'],
    ['expect client.SNDNXT == 5', 'SND.NXT'],
    ['wait 5 milisecond', 'millisecond'],
    ['drop next 3 form client', 'from'],
    ['host client { delayedack 40ms }\nrun', 'delayed-ack'],
    ['client is CLOSED', 'expect client is CLOSED'],
    ['client inject SYN < mss 5 > <sackOK> <ts 1 2>', '<mss 5, sack, ts 1 2>'],
    ['client inject RST spoof server seq + 5 to server ack 7', 'seq + 5 ack 7 spoof server to server'],
    ['client inject RST to server "a" <mss 5>', '"a" <mss 5> to server'],
  ])('%j suggests %j', (text, suggestion) => {
    const problem = first(text);
    expect(problem?.suggestions).toEqual([suggestion]);
    expect(problem?.message).toContain(suggestion.replace('+ 5', '+5'));
  });

  it('writes the whole line with a late field in its place', () => {
    const message = first('client   inject RST to server  seq 5')?.message;
    expect(message).toBe(
      '`seq 5` is a part of the segment and stands before `spoof` and `to`: write `client inject RST seq 5 to server`.',
    );
  });

  it('suggests no replacement that would lose what stands between two lists', () => {
    expect(first('client send SYN <mss 5> seq 1 <sack>')?.suggestions).toBeUndefined();
  });

  it('offers no word that the line has already', () => {
    expect(first('client inject RST spoof client (')?.message).toMatch(/fits here: `to`\.$/);
    expect(first('client inject RST to server spoof client (')?.message).toMatch(/after `client`\.$/);
    expect(first('delay next by 5ms (')?.message).not.toContain('`by`');
  });

  it.each([
    ['\u2028', 'U+2028'],
    ['\u200d', 'U+200D'],
    ['\u202e', 'U+202E'],
    ['\u0301', 'U+0301'],
    ['\u{e0001}', 'U+E0001'],
  ])('names %j by its number', (character, number) => {
    expect(first(`client ${character} server`)?.message).toBe(`The character \`${number}\` means nothing here.`);
  });

  it('shows nothing invisible in any message', () => {
    const problem = first('client received "a\u202eb"');
    expect(problem?.message).toContain('`expect client received "aU+202Eb"`');
    expect(problem?.suggestions).toEqual(['expect client received "a\u202eb"']);
  });

  const decoded = (octets: Iterable<number>) => new TextDecoder('utf-8').decode(Uint8Array.from(octets));
  const utf16 = (text: string, bigEndian: boolean) =>
    [...text].flatMap((character) => {
      const code = character.charCodeAt(0);
      return bigEndian ? [code >> 8, code & 255] : [code & 255, code >> 8];
    });

  it.each([
    [
      'Latin-1',
      [...'# caf'].map((c) => c.charCodeAt(0)).concat(0xe9, 0x0a),
      'has characters that are not written in UTF-8',
      '1:6',
    ],
    ['UTF-16 with a mark', [0xff, 0xfe, ...utf16('# \ud55c\nrun', false)], 'is text in UTF-16', '1:1'],
    ['UTF-16 in the other order', [0xfe, 0xff, ...utf16('run', true)], 'is text in UTF-16', '1:1'],
    ['UTF-16 without a mark', utf16('server listen', false), 'is text in UTF-16', '1:1'],
    ['a picture', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d], 'holds binary data', '1:1'],
    ['a photograph', [0xff, 0xd8, 0xff, 0xe0, 0, 0x10, 0x4a, 0x46], 'holds binary data', '1:1'],
  ])('says what %s is, and to save it as UTF-8', (_, octets, what, place) => {
    const problem = first(decoded(octets));
    expect(problem?.message).toBe(
      `This file ${what}, so it can not be read as a script. A script is plain text: save it as UTF-8.`,
    );
    expect(`${problem?.span.line}:${problem?.span.column}`).toBe(place);
  });

  it('names the bound of an absurd number', () => {
    expect(first('wait 1e30s')?.message).toContain('24h');
  });

  it('says which unit is wrong and which is right', () => {
    expect(first('wait 3KiB')?.message).toMatch(/`3KiB` is a length in bytes.*time.*`200ms`/);
  });

  it("never shows the parser library's own prose", () => {
    for (const [text] of ROWS) {
      for (const { message } of compileScript(text).diagnostics)
        expect(message).not.toMatch(/Expecting|token|NoViableAlt|EOF|redundant/i);
    }
  });

  it('ends the list of problems after a thousand', () => {
    const { diagnostics } = compileScript('foo bar\n'.repeat(3_000));
    expect(diagnostics).toHaveLength(1_001);
    expect(diagnostics.at(-1)).toMatchObject({ id: 'too-many-problems', span: { line: 1_001 } });
  });
});
