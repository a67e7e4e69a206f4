import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileScript, formatScript } from '../../src/script';
import { example, exampleNames, meaningOf } from './support';

describe('one line', () => {
  it.each([
    ['client   send  syn , ack', 'client send SYN-ACK'],
    ['client send syn_ack', 'client send syn_ack'],
    ['  expect client is syn_sent', 'expect client is SYN-SENT'],
    ['expect client is not Time_Wait', 'expect client is not TIME-WAIT'],
    ['on server is close-wait{server close}', 'on server is CLOSE-WAIT { server close }'],
    ['expect server.rcv.nxt==client.iss+1', 'expect server.RCV.NXT == client.ISS + 1'],
    ['expect not( client.ISS - 1 == - 5 )', 'expect not (client.ISS - 1 == -5)'],
    ['wait 10 ms', 'wait 10ms'],
    ['client write 1460bytes', 'client write 1460 bytes'],
    ['client send SYN seq + 1 < mss 1460 ,sackOK,ts 1 0 >', 'client send SYN seq +1 <mss 1460, sack, ts 1 0>'],
    ['hold client->server', 'hold client -> server'],
    ['host client at 10.0.0.1:80{isn 5,mss 6 ; nagle on}', 'host client at 10.0.0.1:80 { isn 5, mss 6; nagle on }'],
    ['link{delay 5 ms,}', 'link { delay 5ms }'],
    ['set link delay 5 ms,loss 1%', 'set link delay 5ms, loss 1%'],
    ['server listen;;client close;', 'server listen; client close'],
    ['at 1s { } ; run', 'at 1s { }; run'],
    ['client write "a   b"   push', 'client write "a   b" push'],
    ['server listen#hello', 'server listen  #hello'],
    ['   # alone', '# alone'],
    ['client   sned   SYN', 'client   sned   SYN'],
    ['  wait "', '  wait "'],
  ])('%j becomes %j', (text, wanted) => {
    expect(formatScript(text)).toBe(`${wanted}\n`);
  });
});

describe('whole files', () => {
  it('indents blocks, keeps one blank line in a row, and lines trailing comments up', () => {
    const text =
      '\n\nhost client {\nisn 5 # five\n   mss 536   // six\n}\n\n\n\nat 1s {\non client is CLOSED {\nclient status\n}\n}\n\n';
    expect(formatScript(text)).toBe(
      'host client {\n  isn 5    # five\n  mss 536  // six\n}\n\nat 1s {\n  on client is CLOSED {\n    client status\n  }\n}\n',
    );
  });

  it('keeps line ends', () => {
    expect(formatScript('server   listen\r\n\r\nclient   close')).toBe('server listen\r\n\r\nclient close\r\n');
  });

  it.each([
    ['empty', ''],
    ['binary', 'a\u0000b  c'],
    ['too long', 'run  \n'.repeat(20_001)],
    ['unclosed', 'host client {\n  isn   5\nserver listen\nclient   connect\n'],
    ['unclosed and wrong', 'at 1s {\nclient sned SYN\nserver   listen\n'],
    ['unclosed before a scenario', 'at 1s {\nrun\nscenario "a"\nrun\n}\n'],
  ])('leaves an %s file alone', (_, text) => {
    expect(formatScript(text)).toBe(text);
  });

  it.each(exampleNames)('finds nothing to do in %s', (name) => {
    expect(formatScript(example(name))).toBe(example(name));
  });
});

/** Lines of every kind, right and wrong, with spaces wherever they may be. */
const LINES = [
  'server listen',
  'client  connect to  server',
  'client send syn,ack  seq +1',
  'client write "a b"  push',
  'expect  client is syn_sent within 2 s',
  'expect (client.iss+1)==5',
  'drop next 3 data from client',
  'at 1s {',
  'on server receives fin {',
  'host client{',
  'host a at 10.0.0.7 { isn 5 }',
  'isn 5 , mss 6',
  'link { delay 5 ms ;loss 1% }',
  '}',
  '} ; run',
  'wait 5',
  'foo  bar',
  'client sned SYN',
  '',
  '',
  '  # note',
  'run // then',
  '"',
  'scenario "x"',
  'set link delay 1 ms',
  'client inject rst <mss 5,ts 1 2> spoof server',
  '{',
  ';',
];

describe('properties', () => {
  const script = fc
    .tuple(
      fc.array(
        fc.tuple(fc.constantFrom('', ' ', '\t'), fc.constantFrom(...LINES), fc.constantFrom('', ' ', ' # c', ';')),
        { maxLength: 25 },
      ),
      fc.constantFrom('\n', '\r\n'),
    )
    .map(([lines, end]) => lines.map((parts) => parts.join('')).join(end));

  it('formatting twice changes nothing more', () => {
    fc.assert(
      fc.property(script, (text) => {
        expect(formatScript(formatScript(text))).toBe(formatScript(text));
      }),
      { numRuns: 600 },
    );
  });

  it('formatting never changes what a script means', () => {
    fc.assert(
      fc.property(script, (text) => {
        fc.pre(compileScript(text).parsed.entries.length > 0);
        expect(meaningOf(formatScript(text))).toEqual(meaningOf(text));
      }),
      { numRuns: 600 },
    );
  });

  it('what people are told of a statement does not depend on how it was spaced', () => {
    const wording = (text: string) =>
      JSON.stringify(compileScript(text).program.scenarios, (key, value: unknown) =>
        /^(span|hostSpans|hostOrigins|brokenLine)$/i.test(key) ? undefined : value,
      );
    fc.assert(
      fc.property(script, (text) => {
        fc.pre(compileScript(text).parsed.entries.length > 0);
        expect(wording(formatScript(text))).toBe(wording(text));
      }),
      { numRuns: 400 },
    );
  });

  it('loses no comment', () => {
    const comments = (text: string) => compileScript(text).parsed.comments.map((comment) => comment.text);
    fc.assert(
      fc.property(script, (text) => {
        expect(comments(formatScript(text))).toEqual(comments(text));
      }),
      { numRuns: 300 },
    );
  });
});
