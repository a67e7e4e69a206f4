import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileScript, formatScript } from '../../src/script';
import { brief, example, exampleNames } from './support';

/** Words and signs of the language, so that random texts come near to real ones. */
const FRAGMENTS = [
  'client',
  'server',
  'attacker',
  'send',
  'expect',
  'drop',
  'next',
  'SYN',
  'SYN-ACK',
  'ack',
  '1000',
  'bytes',
  '{',
  '}',
  ';',
  '\n',
  '(',
  ')',
  '"',
  '<',
  '>',
  'mss',
  'host',
  'link',
  'at',
  '10.0.0.1:80',
  'on',
  'is',
  'not',
  'and',
  'or',
  'wait',
  'until',
  '5s',
  '-',
  '+',
  '==',
  'client.SND.NXT',
  '#',
  '//',
  ',',
  '?',
  'scenario',
  '"x"',
  '3rd',
  'every',
  'from',
  'by',
  'within',
  '\\',
  '\u{1f600}',
  '클라이언트',
  '\ud800',
  '1e999',
  '->',
  '--',
  'inject',
  'spoof',
  'write',
  'set',
  'nagle',
];

const nearScript = fc
  .array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ maxLength: 5 })), { maxLength: 60 })
  .map((parts) => parts.join(' '));

/** Every diagnostic lies inside the text and has something to say. */
function checkPlaces(text: string): void {
  const { diagnostics, program } = compileScript(text);
  const lines = text.split(/\r\n|\n|\r/);
  for (const { span, message } of diagnostics) {
    const length = lines[span.line - 1]?.length ?? -1;
    expect(span.column).toBeGreaterThanOrEqual(1);
    expect(span.column).toBeLessThanOrEqual(length + 1);
    expect(span.endColumn).toBeGreaterThanOrEqual(span.column);
    expect(span.endColumn).toBeLessThanOrEqual(Math.max(length + 1, span.column + 1));
    expect(message.length).toBeGreaterThan(10);
  }
  const wrong = diagnostics.some(({ severity }) => severity === 'error');
  expect(program.scenarios.some(({ brokenLine }) => brokenLine !== null)).toBe(wrong);
}

describe('random texts', () => {
  it('never break the compiler, and their remarks lie inside the text', () => {
    fc.assert(fc.property(nearScript, checkPlaces), { numRuns: 1_500 });
  });

  it('never break it when an example is cut off or a piece of it is replaced', () => {
    const edit = fc.tuple(
      fc.constantFrom(...exampleNames),
      fc.nat(),
      fc.nat({ max: 30 }),
      fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ maxLength: 8 })),
    );
    fc.assert(
      fc.property(edit, ([name, at, length, text]) => {
        const whole = example(name);
        const from = at % whole.length;
        checkPlaces(whole.slice(0, from));
        checkPlaces(whole.slice(0, from) + text + whole.slice(from + length));
      }),
      { numRuns: 400 },
    );
  });
});

describe('one broken line', () => {
  const GARBAGE = ['@@@ ###', 'blah blah blah', '"', 'expect expect', '1000 bytes'];

  it.each(exampleNames)('of %s never changes what is said about the others', (name) => {
    const lines = example(name).split('\n');
    const others = (broken: number, text: string) =>
      compileScript(text)
        .diagnostics.filter(({ span }) => span.line !== broken)
        .map(brief);
    for (let index = 0; index < lines.length; index++) {
      for (const garbage of GARBAGE) {
        // Without the line that declares a host, a line that can not be meant as one leaves the host unknown.
        if (garbage === 'expect expect' && /^host (?!client|server)/.test(lines[index] ?? '')) continue;
        const text = lines.map((line, at) => (at === index ? garbage : line)).join('\n');
        expect(others(index + 1, text), `${garbage} in place of line ${index + 1}`).toEqual([]);
        const own = compileScript(text).diagnostics;
        expect(own.map(({ span }) => span.line)).toEqual([index + 1]);
      }
    }
  });

  it('leaves the remarks on other wrong lines as they are', () => {
    const lines = [
      'server listn',
      'host client {',
      '  isn 5',
      '  mss 3s',
      '}',
      'on server is CLOSE-WAT {',
      '  server close',
      '}',
      'wait 3KiB',
    ];
    const whole = compileScript(lines.join('\n')).diagnostics;
    expect(whole.map(({ id }) => id)).toEqual(['unknown-word', 'wrong-unit', 'unknown-state', 'wrong-unit']);
    for (let index = 0; index < lines.length; index++) {
      if (index === 1) continue; // Without its head nobody can tell which options a block is about.
      const text = lines.map((line, at) => (at === index ? '@@@' : line)).join('\n');
      const others = compileScript(text).diagnostics.filter(({ span }) => span.line !== index + 1);
      expect(others.map(brief)).toEqual(whole.filter(({ span }) => span.line !== index + 1).map(brief));
    }
  });

  it('does not take the lines behind it along when a brace is missing', () => {
    const text = 'host client {\n  isn 5\nserver listen\nclient sned SYN\nscenario "x"\nwait 3KiB';
    expect(compileScript(text).diagnostics.map(brief)).toEqual([
      'unclosed-brace 1:13-14',
      'unknown-word 4:8-12',
      'wrong-unit 6:6-10',
    ]);
  });
});

describe('hostile texts', () => {
  const FLOODS: readonly (readonly [string, string])[] = [
    ['a line of a megabyte', 'x'.repeat(1_000_000)],
    ['100,000 wrong lines', Array.from({ length: 100_000 }, (_, i) => `foo bar${i}`).join('\n')],
    ['100,000 right lines', 'client write 1 bytes\n'.repeat(100_000)],
    ['a megabyte of braces', '{'.repeat(1_000_000)],
    ['lines of braces', '{\n'.repeat(10_000)],
    ['lines of closing braces', '}\n'.repeat(10_000)],
    ['a line of open parentheses', `expect ${'('.repeat(500)}`],
    ['a line of nots', `expect ${'not '.repeat(250)}`],
    ['a long sum', `expect client.ISS == ${'1 + '.repeat(120)}1`],
    ['a line of semicolons', ';'.repeat(3_999)],
    ['quotation marks', '"'.repeat(3_999)],
    ['backslashes in a string', `client write "${'\\'.repeat(3_000)}`],
    ['a name without an end', `expect ${'a.'.repeat(1_500)}`],
    ['hyphens', `client send ${'SYN-'.repeat(900)}`],
    ['colons', `host a at ${':'.repeat(3_000)}`],
    ['octets that are no text', String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i)).repeat(100)],
  ];

  // How fast it is, `npm run bench` says; here the time limit only ends a run that would not end by itself.
  it.each(FLOODS)('%s: a remark, and an end', { timeout: 120_000 }, (_, text) => {
    const { diagnostics } = compileScript(text);
    formatScript(text);
    const isRight = text.startsWith('expect client.ISS == 1');
    expect(diagnostics.length > 0).toBe(!isRight);
  });
});

describe('line ends of any kind', () => {
  it.each(['\n', '\r\n', '\r'])('counts the lines of a binary file as editors do (%j)', (end) => {
    const text = ['', 'server listen', `client send \u0000`, ''].join(end);
    expect(compileScript(text).diagnostics.map(({ id, span }) => [id, span.line])).toEqual([['binary-file', 3]]);
    expect(compileScript(`${'# long\r'.repeat(2000)}\u0000`).diagnostics).toHaveLength(1);
  });
});
