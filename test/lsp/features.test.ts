import { describe, expect, test } from 'vitest';
import { DiagnosticSeverity, DiagnosticTag, FoldingRangeKind } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { diagnosticsOf } from '../../src/lsp/diagnostics';
import { folds } from '../../src/lsp/folding';
import { formatDocument, formatRange } from '../../src/lsp/formatting';
import { inlayHints } from '../../src/lsp/inlayHints';
import { quickFixes } from '../../src/lsp/quickFixes';
import { referenceUrl } from '../../src/lsp/rfcReference';
import { readSettings } from '../../src/lsp/settings';
import { documentSymbols } from '../../src/lsp/symbols';
import { parseScript } from '../../src/script';
import { analysed } from './support';

const URI = 'file:///a.tcpscript';
const HANDSHAKE = 'server listen\nclient send SYN\nserver send SYN-ACK\nclient send ACK\n';
const EVERYTHING = { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } };

async function diagnostics(text: string) {
  return diagnosticsOf(await analysed(text), URI);
}

describe('diagnostics', () => {
  test('a handshake has none', async () => {
    expect(await diagnostics(HANDSHAKE)).toEqual([]);
  });

  test('how it is written and how it runs stand together, in the order of lines', async () => {
    const found = await diagnostics('server listen\nclient send SYN\nexpect server is LISTEN\nserver sned SYN-ACK\n');
    expect(found.map(({ code, range }) => [code, range.start.line])).toEqual([
      ['expect-failed', 2],
      ['unknown-word', 3],
    ]);
  });

  test('a failed expectation names the RFC section, and links to it', async () => {
    const [failed] = await diagnostics(
      'server listen\nclient send SYN\nserver send SYN-ACK\nexpect server is LISTEN\n',
    );
    expect(failed).toMatchObject({
      severity: DiagnosticSeverity.Error,
      source: 'tcpscript',
      range: { start: { line: 3, character: 0 }, end: { line: 3, character: 23 } },
      message: expect.stringMatching(/SYN-RECEIVED.*\(RFC 9293 3\.10/),
      codeDescription: { href: expect.stringContaining('https://www.rfc-editor.org/rfc/rfc9293#section-3.10') },
    });
  });

  test('a refused send points to the lines that are to blame', async () => {
    const text = 'server listen\ndrop next 9 SYN\nclient send SYN\nserver send SYN-ACK within 1s\n';
    const found = await diagnostics(text);
    const refused = found.find(({ code }) => code === 'send-refused');
    expect(refused?.range.start.line).toBe(3);
    expect(
      refused?.relatedInformation?.map(({ location }) => [location.uri, location.range.start.line]),
    ).toContainEqual([URI, 1]);
  });

  test('a fault that met nothing is a warning', async () => {
    const found = await diagnostics(`${HANDSHAKE}drop next\n`);
    expect(found.map(({ code, severity }) => [code, severity])).toEqual([
      ['fault-never-met', DiagnosticSeverity.Warning],
    ]);
  });

  test('what is never reached is faded', async () => {
    const found = await diagnostics('client send ACK\nwait 1s\n');
    expect(found.map(({ code, severity, tags }) => [code, severity, tags])).toEqual([
      ['send-refused', DiagnosticSeverity.Error, undefined],
      ['not-reached', DiagnosticSeverity.Hint, [DiagnosticTag.Unnecessary]],
    ]);
  });
});

describe('quick fixes', () => {
  test('"did you mean" is one click', async () => {
    const found = await diagnostics('server lisen\n');
    const [fix] = quickFixes(found, URI);
    expect(fix).toMatchObject({ title: 'Write `listen`', isPreferred: true });
    expect(fix?.edit?.changes?.[URI]).toEqual([{ range: found[0]?.range, newText: 'listen' }]);
  });

  test.each([[undefined], [null], ['x'], [{ suggestions: 'x' }], [{ suggestions: [1] }]])(
    'data that did not come from here (%j) is passed over',
    (data) => {
      expect(quickFixes([{ range: EVERYTHING, message: '', data }], URI)).toEqual([]);
    },
  );
});

describe('inlay hints', () => {
  test('show every state, and the time, at the end of each line', async () => {
    const hints = inlayHints(await analysed(HANDSHAKE), EVERYTHING);
    expect(hints.map(({ position, label }) => [position.line, position.character, label])).toEqual([
      [0, 13, expect.stringContaining('server LISTEN')],
      [1, 15, '\u00a0\u00a0client SYN-SENT · server LISTEN · 0 ms'],
      [2, 19, '\u00a0\u00a0client SYN-SENT · server SYN-RECEIVED · 10 ms'],
      [3, 15, '\u00a0\u00a0client ESTABLISHED · server SYN-RECEIVED · 20 ms'],
    ]);
  });

  test('only for the lines that are asked for', async () => {
    const range = { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } };
    const lines = inlayHints(await analysed(HANDSHAKE), range).map(({ position }) => position.line);
    expect(lines).toEqual([1, 2]);
  });
});

describe('outline', () => {
  test('scenarios hold their hosts and handlers', () => {
    const text =
      'scenario "One"\nhost a at 10.0.0.1:1 { isn 1 }\nlink { delay 1ms }\n\nscenario "Two"\non server is LISTEN {\n  server close\n}\n';
    const symbols = documentSymbols(parseScript(text));
    expect(symbols.map(({ name, children }) => [name, children?.map((child) => child.name)])).toEqual([
      ['One', ['a', 'link']],
      ['Two', ['on server is LISTEN']],
    ]);
    expect(symbols[1]?.children?.[0]?.range).toEqual({
      start: { line: 5, character: 0 },
      end: { line: 7, character: 1 },
    });
  });

  test.each([['scenario ""'], ['scenario'], ['host'], ['']])('%j gives no symbol without a name', (text) => {
    for (const { name } of documentSymbols(parseScript(text))) expect(name.trim()).not.toBe('');
  });
});

describe('folding', () => {
  test('scenarios, blocks without their closing line, and comments', () => {
    const text = '# one\n# two\nscenario "A"\nhost a {\n  isn 1\n}\na listen\n\nscenario "B"\na listen\nb listen';
    expect(folds(parseScript(text))).toEqual([
      { startLine: 2, endLine: 6, kind: FoldingRangeKind.Region },
      { startLine: 8, endLine: 10, kind: FoldingRangeKind.Region },
      { startLine: 3, endLine: 4 },
      { startLine: 0, endLine: 1, kind: FoldingRangeKind.Comment },
    ]);
  });
});

describe('formatting', () => {
  const apply = (text: string, edits: ReturnType<typeof formatDocument>) =>
    TextDocument.applyEdits(TextDocument.create(URI, 'tcpscript', 1, text), edits);

  test.each([
    ['server   listen\nclient send syn', 'server listen\nclient send SYN\n'],
    ['server   listen\r\nclient send syn\r\n', 'server listen\r\nclient send SYN\r\n'],
    ['server listen\n\n\n\n\nclient   send ACK\n', 'server listen\n\nclient send ACK\n'],
  ])('%j', (text, formatted) => {
    expect(apply(text, formatDocument(text))).toBe(formatted);
  });

  test('touches only the lines that change', () => {
    const edits = formatDocument('server listen\nclient send syn\nclient send ACK\n');
    expect(edits).toEqual([
      { range: { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } }, newText: 'client send SYN\n' },
    ]);
  });

  test('of a range leaves the other lines alone', () => {
    const text = 'server   listen\nclient  send syn\nserver   status\n';
    const edits = formatRange(text, { start: { line: 1, character: 3 }, end: { line: 2, character: 0 } });
    expect(apply(text, edits)).toBe('server   listen\nclient send SYN\nserver   status\n');
  });
});

describe('references', () => {
  test.each([
    ['RFC 9293 3.10.7.4, fifth check', 'https://www.rfc-editor.org/rfc/rfc9293#section-3.10.7.4'],
    ['RFC 6298 2.4', 'https://www.rfc-editor.org/rfc/rfc6298#section-2.4'],
    ['RFC 5961', 'https://www.rfc-editor.org/rfc/rfc5961'],
    ['RFC 9293 B', 'https://www.rfc-editor.org/rfc/rfc9293#appendix-B'],
    ['the textbook', null],
  ])('%s', (reference, url) => {
    expect(referenceUrl(reference)).toBe(url);
  });
});

describe('settings', () => {
  const defaults = { bounds: { maxEvents: 100_000, maxWallMs: 2_000 }, showStates: true };

  test.each<[section: unknown, expected: unknown]>([
    [undefined, defaults],
    [null, defaults],
    ['x', defaults],
    [{ run: { maxEvents: -1, maxWallMs: 'long' }, inlayHints: { states: 'no' } }, defaults],
    [
      { run: { maxEvents: 10, maxWallMs: 20.5 }, inlayHints: { states: false } },
      { bounds: { maxEvents: 10, maxWallMs: 20 }, showStates: false },
    ],
  ])('%j', (section, expected) => {
    expect(readSettings(section)).toEqual(expected);
  });
});
