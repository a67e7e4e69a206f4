import fc from 'fast-check';
import { describe, test } from 'vitest';
import type { Position, Range } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { completions } from '../../src/lsp/completion';
import { diagnosticsOf } from '../../src/lsp/diagnostics';
import { folds } from '../../src/lsp/folding';
import { formatDocument, formatRange } from '../../src/lsp/formatting';
import { hover } from '../../src/lsp/hover';
import { inlayHints } from '../../src/lsp/inlayHints';
import { documentSymbols } from '../../src/lsp/symbols';
import { analysed } from './support';

const URI = 'file:///a.tcpscript';

const BASE = [
  '# A handshake with a lost SYN',
  'scenario "Lost SYN"',
  'host client at 10.0.0.1:49152 { isn 1000, mss 1460 }',
  'link {',
  '  delay 10ms',
  '}',
  'server listen; drop next',
  'on server is CLOSE-WAIT { wait 100ms; server close }',
  'client send SYN',
  'expect client.SND.NXT == client.ISS + 1 within 2s',
  'server send SYN-ACK <mss 1460>',
  'client write "GET /" push',
].join('\n');

const PIECES = [
  '{',
  '}',
  '"',
  '#',
  ';',
  '\n',
  '\r\n',
  '\r',
  ' ',
  '.',
  '클',
  '\u0000',
  '😀',
  '\u2028',
  'client',
  'SYN',
  '10ms',
  '<',
  '(',
];

/** The base script after a few edits at random places. */
const edited = fc
  .array(fc.tuple(fc.nat(BASE.length), fc.nat(12), fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4 }))), {
    maxLength: 6,
  })
  .map((edits) =>
    edits.reduce((text, [at, removed, inserted]) => text.slice(0, at) + inserted + text.slice(at + removed), BASE),
  );

function assertInside(range: Range, document: TextDocument): void {
  for (const position of [range.start, range.end]) assertPosition(position, document);
  if (document.offsetAt(range.start) > document.offsetAt(range.end))
    throw new Error(`turned round: ${JSON.stringify(range)}`);
}

/** A position outside is moved inside by `offsetAt`, so it comes back different. */
function assertPosition(position: Position, document: TextDocument): void {
  const back = document.positionAt(document.offsetAt(position));
  if (back.line !== position.line || back.character !== position.character) {
    throw new Error(`${JSON.stringify(position)} is outside of the document`);
  }
}

describe('whatever is typed', () => {
  test('no feature throws, and every range lies inside the document', async () => {
    await fc.assert(
      fc.asyncProperty(edited, fc.nat(), async (text, at) => {
        const document = TextDocument.create(URI, 'tcpscript', 1, text);
        const analysis = await analysed(text);
        const { parsed } = analysis.compiled;
        const position = document.positionAt(at % (text.length + 1));
        const whole = { start: { line: 0, character: 0 }, end: document.positionAt(text.length) };
        for (const found of diagnosticsOf(analysis, URI)) {
          assertInside(found.range, document);
          for (const related of found.relatedInformation ?? []) assertInside(related.location.range, document);
        }
        for (const symbol of documentSymbols(parsed)) {
          assertInside(symbol.range, document);
          assertInside(symbol.selectionRange, document);
        }
        for (const { startLine, endLine } of folds(parsed)) {
          assertInside({ start: { line: startLine, character: 0 }, end: { line: endLine, character: 0 } }, document);
        }
        for (const hint of inlayHints(analysis, whole)) assertPosition(hint.position, document);
        for (const item of completions(analysis, position)) {
          if (item.textEdit !== undefined && 'range' in item.textEdit) assertInside(item.textEdit.range, document);
        }
        const hovered = hover(analysis, position);
        if (hovered?.range !== undefined) assertInside(hovered.range, document);
        for (const edit of [...formatDocument(text), ...formatRange(text, whole)]) assertInside(edit.range, document);
      }),
      { numRuns: 300 },
    );
  });

  test('formatting as edits gives what formatting as a whole gives, and a second time nothing', async () => {
    await fc.assert(
      fc.asyncProperty(edited, async (text) => {
        const document = TextDocument.create(URI, 'tcpscript', 1, text);
        const formatted = TextDocument.applyEdits(document, formatDocument(text));
        const again = formatDocument(formatted);
        if (again.length > 0) throw new Error(`formats again: ${JSON.stringify({ formatted, again })}`);
      }),
      { numRuns: 300 },
    );
  });
});
