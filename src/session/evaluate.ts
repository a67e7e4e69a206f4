import { hostNames } from '../engine/sim/world';
import { compileWatch } from '../script';
import type { Unit } from '../script/program';
import { stateText } from './actors';
import { judge } from './conditions';
import { evaluateExpression } from './expressions';
import type { RunState } from './runState';
import { formatValue } from './values';

/** What a text is worth at a moment, as people read it; or why it is worth nothing. */
export type Evaluation = { readonly value: string; readonly unit: Unit } | { readonly error: string };

/** Evaluates `client.SND.NXT`, `client`, `client is ESTABLISHED`, `server.RCV.NXT - client.ISS` at a moment. */
export function evaluateText(state: RunState, text: string): Evaluation {
  const watch = compileWatch(text, hostNames(state.world));
  if ('error' in watch) return watch;
  if ('host' in watch) return { value: stateText(state.world, watch.host), unit: 'text' };
  if ('condition' in watch) return { value: String(judge(state, watch.condition).holds), unit: 'boolean' };
  const { expression } = watch;
  return { value: formatValue(evaluateExpression(state, expression), expression.unit), unit: expression.unit };
}
