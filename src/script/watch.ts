import { parseActor } from '../engine/actor';
import { DEFAULT_HOST } from '../engine/config';
import { compileCondition } from './conditions';
import type { LineContext } from './context';
import { compileExpression } from './expressions';
import type { Comparison, Condition as ConditionNode } from './generated/ast';
import { MAX_LINE_LENGTH } from './layout';
import { MAX_PARENTHESES, readPiece, tooComplex, tooNested } from './parse';
import type { Condition, Expression } from './program';

/** What a debugger is asked about: a host, a value, or whether something holds; or why that text is none of these. */
export type Watch =
  /** A host, or one of its connections (`server:bob`). */
  | { readonly host: string }
  | { readonly expression: Expression }
  | { readonly condition: Condition }
  | { readonly error: string };

const PREFIX = 'expect now ';
/** A value alone is no condition: made one by a comparison, of which only the left side is read. */
const AS_CONDITION = ' == 0';
/** How much of a question is repeated in an answer. */
const MAX_SHOWN = 60;

/** Understands `client`, `client.SND.NXT - client.ISS`, `client is ESTABLISHED` among these hosts. Never throws, whatever the text. */
export function compileWatch(text: string, hosts: readonly string[]): Watch {
  const asked = text.trim();
  const actor = parseActor(asked);
  if (hosts.includes(actor.host) && (actor.peer === null || (actor.peer !== actor.host && hosts.includes(actor.peer))))
    return { host: asked };
  if (asked === '' || /[\r\n]/.test(asked)) return { error: 'Ask for one host, value or condition.' };
  const tooMuch = excess(asked);
  if (tooMuch !== null) return { error: tooMuch };
  // A value alone is no condition, though one that is true or false may stand for one.
  const condition = compiled(hosts, asked, '', (line, node) => (isValue(node) ? null : compileCondition(line, node)));
  if (condition !== null) return typeof condition === 'string' ? { error: condition } : { condition };
  const expression = compiled(hosts, asked, AS_CONDITION, (line, node) =>
    node.$type === 'Comparison' ? compileExpression(line, (node as Comparison).left) : null,
  );
  const shown = asked.length > MAX_SHOWN ? `${asked.slice(0, MAX_SHOWN)}…` : asked;
  if (expression === null)
    return {
      error: `\`${shown}\` is no host, value or condition. Try \`client.SND.NXT\` or \`client is ESTABLISHED\`.`,
    };
  return typeof expression === 'string' ? { error: expression } : { expression };
}

function isValue(node: ConditionNode): boolean {
  return node.$type === 'Comparison' && (node as Comparison).operator === undefined;
}

/** What is too much to read in a question, in words; null when it can be read. */
function excess(asked: string): string | null {
  if (asked.length > MAX_LINE_LENGTH) return `That is too long: ask with at most ${MAX_LINE_LENGTH} characters.`;
  if (tooNested(asked)) return `That has too many parentheses: ask with at most ${MAX_PARENTHESES} of them.`;
  if (tooComplex(`${PREFIX}${asked}${AS_CONDITION}`)) return 'That has too many words and signs: ask for less at once.';
  return null;
}

/** What `compile` makes of the text; the first diagnostic's words when it is wrong; null when it does not parse. */
function compiled<T>(
  hosts: readonly string[],
  asked: string,
  suffix: string,
  compile: (line: LineContext, node: ConditionNode) => T | null,
): T | string | null {
  const text = `${PREFIX}${asked}${suffix}`;
  const piece = { line: 1, column: 1, text, unclosedString: null };
  const parse = readPiece(piece, 'Statement');
  if (!parse.ok || parse.node.$type !== 'Expect' || parse.node.within !== undefined) return null;
  const scenario = {
    diagnostics: [],
    hostNames: hosts,
    mayMissHost: false,
    mslUs: DEFAULT_HOST.mslUs,
    writtenBytes: new Map(),
  };
  const line: LineContext = { scenario, piece };
  const result = compile(line, parse.node.condition);
  const [problem] = line.scenario.diagnostics;
  return problem === undefined ? result : problem.message;
}
