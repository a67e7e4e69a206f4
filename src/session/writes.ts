/**
 * What wrote a variable last. A run watches the variables that its conditions speak of: after each step it looks whether
 * their values are others now. So a chain of causes can begin with the step that gave a variable its value, also in a run
 * whose moments nobody keeps.
 */
import { parseActor } from '../engine/actor';
import type { Cause, SegmentId, Trigger } from '../engine/events';
import type { RuleId } from '../engine/rules';
import {
  connection,
  hostNames,
  lastArrival,
  segmentCount,
  segmentRecord,
  type World,
  worldTimeUs,
} from '../engine/sim/world';
import type { Tcb } from '../engine/tcp/tcb';
import { VARIABLES, type VariableValue } from '../engine/variables';
import type { Condition, Expression, ScenarioProgram, Statement } from '../script/program';
import type { MomentKind } from './moment';
import type { RunState } from './runState';

/** A variable as a condition names it: of a host, or of a connection (`server:bob`). */
export interface NamedVariable {
  readonly host: string;
  readonly name: string;
}

/** The step that gave a variable its value. */
export interface Write {
  readonly timeUs: number;
  /** The moment that this step is the end of. */
  readonly moment: number;
  /** The value before. */
  readonly from: VariableValue;
  /** The segment with whose sending it changed; null when it changed with something else, the trigger. */
  readonly sent: SegmentId | null;
  readonly trigger: Trigger;
  /** The line that made the call; null for other triggers. */
  readonly line: number | null;
  /** The rule by which it moved, where one is known to be at work. */
  readonly rule: RuleId | null;
}

/** A variable that is watched: its value, and what wrote it last. */
export interface Watched extends NamedVariable {
  readonly value: VariableValue;
  /** null while it has the value with which the run began. */
  readonly write: Write | null;
}

/** The name of a variable in maps, `client.SND.NXT`. */
export function variableKey(host: string, name: string): string {
  return `${host}.${name}`;
}

/** The variables of all conditions of a scenario, with the values with which a world begins; `more` are watched as well. */
export function watchedVariables(
  { body }: ScenarioProgram,
  world: World,
  more: readonly NamedVariable[] = [],
): Map<string, Watched> {
  const found = new Map<string, Watched>();
  const hosts = hostNames(world);
  for (const variable of [...body.flatMap(variablesOfStatement), ...more]) {
    const { host, name } = variable;
    // A line that was not understood may speak of nobody.
    if (!hosts.includes(parseActor(host).host)) continue;
    found.set(variableKey(host, name), { host, name, value: read(world, variable), write: null });
  }
  return found;
}

function variablesOfStatement(statement: Statement): readonly NamedVariable[] {
  if ('condition' in statement) return variablesOf(statement.condition);
  return 'body' in statement ? statement.body.flatMap(variablesOfStatement) : [];
}

/** The variables that a condition compares, each once, in the order in which it names them. */
export function variablesOf(condition: Condition): readonly NamedVariable[] {
  const found = new Map<string, NamedVariable>();
  const visit = (part: Condition): void => {
    if (part.kind === 'compare') {
      for (const one of [...variablesIn(part.left), ...variablesIn(part.right)])
        found.set(variableKey(one.host, one.name), one);
    } else if (part.kind === 'holds') {
      for (const one of variablesIn(part.expression)) found.set(variableKey(one.host, one.name), one);
    } else if (part.kind === 'not') visit(part.operand);
    else if (part.kind === 'and' || part.kind === 'or') part.operands.forEach(visit);
  };
  visit(condition);
  return [...found.values()];
}

/** What a run knows of the variables that a condition compares. */
export function watchedOf({ watched }: RunState, condition: Condition): readonly Watched[] {
  return variablesOf(condition)
    .map(({ host, name }) => watched.get(variableKey(host, name)))
    .filter((found) => found !== undefined);
}

/** The variables of an expression. */
export function variablesIn(expression: Expression): readonly NamedVariable[] {
  switch (expression.kind) {
    case 'number':
      return [];
    case 'variable':
      return [{ host: expression.host, name: expression.name }];
    case 'negate':
      return variablesIn(expression.operand);
    case 'binary':
      return [...variablesIn(expression.left), ...variablesIn(expression.right)];
  }
}

const WINDOWS: ReadonlySet<string> = new Set(['SND.WND', 'RCV.WND', 'cwnd', 'ssthresh']);

/** Whether a window is among the variables that are watched: the engine knows the rule by which each of them moves. */
export function watchesWindows({ watched }: RunState): boolean {
  return [...watched.values()].some(({ name }) => WINDOWS.has(name));
}

/** What a moment of each kind can have changed. */
const STEPS: ReadonlySet<MomentKind> = new Set<MomentKind>([
  'call',
  'segment-sent',
  'segment-arrived',
  'icmp-arrived',
  'timer',
]);

/** A step is over, and its moment is about to be made: notes what it wrote. `call` is why, where an application made a call. */
export function noteWrites(
  state: RunState,
  kind: MomentKind,
  call: Cause | null,
  windowRules: Map<string, RuleId>,
): void {
  const { watched, world } = state;
  if (watched.size > 0 && STEPS.has(kind)) {
    for (const [key, before] of watched) {
      const value = read(world, before);
      if (value !== before.value)
        watched.set(key, { ...before, value, write: writeOf(state, kind, call, before, windowRules.get(key)) });
    }
  }
  if (windowRules.size > 0) windowRules.clear();
}

function read(world: World, { host, name }: NamedVariable): VariableValue {
  return VARIABLES[name]?.read(connection(world, host)) ?? null;
}

function writeOf(
  { world, momentCount }: RunState,
  kind: MomentKind,
  call: Cause | null,
  { host, name, value: from }: Watched,
  windowRule: RuleId | undefined,
): Write {
  const tcb = connection(world, host);
  return {
    timeUs: worldTimeUs(world),
    moment: momentCount,
    from,
    sent: kind === 'segment-sent' ? lastSent(world) : null,
    trigger: call?.trigger ?? (kind === 'segment-arrived' ? arrivalOf(world) : tcb.lastTrigger),
    line: call?.line ?? null,
    rule: windowRule ?? timerRule(tcb, name),
  };
}

function arrivalOf(world: World): Trigger {
  return { kind: 'segment', segment: lastArrival(world) };
}

/** The segment that was sent last; a copy that the network made of it comes behind it. */
function lastSent(world: World): SegmentId {
  let id = segmentCount(world);
  while (id > 1 && segmentRecord(world, id).duplicate) id--;
  return id;
}

const TIMER_VARIABLES: Readonly<Record<string, keyof Tcb['timers']>> = {
  'timer.retransmission': 'retransmission',
  'timer.persist': 'persist',
  'timer.ack': 'delayed-ack',
  'timer.timewait': 'time-wait',
  'timer.user': 'user',
};

/** Why a timer that runs now was started. */
function timerRule({ timers, timerStarts }: Tcb, name: string): RuleId | null {
  const timer = TIMER_VARIABLES[name];
  return timer === undefined || !Number.isFinite(timers[timer]) ? null : timerStarts[timer].rule;
}
