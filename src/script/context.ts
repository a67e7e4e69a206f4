import { type AstNode, GrammarUtils } from 'langium';
import { type DIAGNOSTICS, type DiagnosticId, diagnose } from './diagnostics';
import type { Diagnostic } from './diagnosticTypes';
import { formatLine } from './formatLine';
import { lineSpan, type Piece } from './layout';
import { MAX_PROBLEMS } from './parse';
import type { Span } from './program';

/** What the lines of a scenario know of each other while it is compiled. */
export interface ScenarioContext {
  readonly diagnostics: Diagnostic[];
  /** The hosts of the scenario, in order. */
  hostNames: readonly string[];
  /** True when a line was not understood at all: it may have declared a host that is missing now. */
  readonly mayMissHost: boolean;
  /** MSL of the first host, for `2msl`. */
  mslUs: number;
  /** How many octets of the test pattern each host has written so far, so that every `write` goes on where the last one ended. */
  readonly writtenBytes: Map<string, number>;
}

/** One line while it is compiled. */
export interface LineContext {
  readonly scenario: ScenarioContext;
  readonly piece: Piece;
}

/** The place of a syntax node in the file. */
export function nodeSpan(line: LineContext, node: AstNode): Span {
  const { piece } = line;
  const from = node.$cstNode?.offset ?? 0;
  const to = node.$cstNode?.end ?? piece.text.length;
  return lineSpan(piece.line, piece.column + from, piece.column + to);
}

/** The text of a syntax node, as the script writes it. */
export function nodeText(line: LineContext, node: AstNode): string {
  return line.piece.text.slice(node.$cstNode?.offset ?? 0, node.$cstNode?.end);
}

/** The text of a syntax node as the formatter writes it: what people are told, however the script is spaced. */
export function nodeWording(line: LineContext, node: AstNode): string {
  let root = node;
  while (root.$container !== undefined) root = root.$container;
  return formatLine(line.piece.text, root, node.$cstNode?.offset, node.$cstNode?.end);
}

/** The place of one property of a node, such as the name in `host NAME`; of the whole node when it has none. */
export function propertySpan(line: LineContext, node: AstNode, property: string): Span {
  const found = GrammarUtils.findNodeForProperty(node.$cstNode, property);
  if (found === undefined) return nodeSpan(line, node);
  const { piece } = line;
  return lineSpan(piece.line, piece.column + found.offset, piece.column + found.end);
}

/** Reports a diagnostic of the table. */
export function report<Id extends DiagnosticId>(
  line: LineContext,
  id: Id,
  span: Span,
  args: Parameters<(typeof DIAGNOSTICS)[Id]['message']>,
  suggestions: readonly string[] = [],
): void {
  if (line.scenario.diagnostics.length <= MAX_PROBLEMS) {
    line.scenario.diagnostics.push(diagnose(id, span, args, suggestions));
  }
}
