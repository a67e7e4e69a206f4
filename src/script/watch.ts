import { DEFAULT_HOST } from '../engine/config';
import { compileCondition } from './conditions';
import type { LineContext } from './context';
import { compileExpression } from './expressions';
import type { Comparison, Condition as ConditionNode } from './generated/ast';
import { MAX_LINE_LENGTH } from './layout';
import { readPiece } from './parse';
import type { Condition, Expression } from './program';

/** What a debugger is asked about: a host, a value, or whether something holds; or why that text is none of these. */
export type Watch =
  | { readonly host: string }
  | { readonly expression: Expression }
  | { readonly condition: Condition }
  | { readonly error: string };

const PREFIX = 'expect now ';

/** Understands `client`, `client.SND.NXT - client.ISS`, `client is ESTABLISHED` among these hosts. Never throws, whatever the text. */
export function compileWatch(text: string, hosts: readonly string[]): Watch {
  const asked = text.trim();
  if (hosts.includes(asked)) return { host: asked };
  if (asked === '' || asked.length > MAX_LINE_LENGTH || /[\r\n]/.test(asked))
    return { error: 'Ask for one host, value or condition.' };
  const condition = compiled(hosts, asked, '', (line, node) => compileCondition(line, node));
  if (condition !== null) return typeof condition === 'string' ? { error: condition } : { condition };
  // A value alone is no condition: made one by a comparison, of which only the left side is read.
  const expression = compiled(hosts, asked, ' == 0', (line, node) =>
    node.$type === 'Comparison' ? compileExpression(line, (node as Comparison).left) : null,
  );
  if (expression === null)
    return {
      error: `\`${asked}\` is no host, value or condition. Try \`client.SND.NXT\` or \`client is ESTABLISHED\`.`,
    };
  return typeof expression === 'string' ? { error: expression } : { expression };
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
