/**
 * Text to program. A script is read line by line: `layout.ts` finds the lines, braces and comments, `parser.ts` gives each
 * line to the parser that Langium makes of `tcpscript.langium` (and remembers the answer, since an edit changes one line),
 * `parse.ts` builds the tree of blocks, and `compile.ts` turns it into a {@link Program} in which names are resolved,
 * units converted and segments made patterns. A line that is wrong is reported and left out; the lines around it are read
 * all the same, and `brokenLine` tells the run where to stop. Nothing here throws because of what a text says.
 */

export { type CompiledScript, type CompileOptions, compileScript } from './compile';
export { DIAGNOSTICS, type DiagnosticId } from './diagnostics';
export type { Diagnostic, Severity } from './diagnosticTypes';
export { nearest } from './distance';
export { formatScript } from './format';
export type { Comment, Piece } from './layout';
export { pieceSpan } from './layout';
export {
  type CompletionContext,
  type CompletionWant,
  contextAt,
  optionCategory,
  statementAt,
  type WordAt,
  wordAt,
} from './navigate';
export { type FoldingRange, foldingRanges, type OutlineItem, outline } from './outline';
export { type Block, type Entry, type ParsedScript, parseScript } from './parse';
export { lookUp, VOCABULARY, type VocabularyEntry, type WordCategory } from './vocabulary';
export { compileWatch, type Watch } from './watch';
export { canonicalFlags, canonicalState, FLAG_WORDS } from './words';
