import type { WorldLimits } from '../engine/config';
import { DEFAULT_LIMITS } from '../engine/config';
import type { EngineEvent, SegmentId } from '../engine/events';
import { NO_OCTETS, type Octets } from '../engine/octets';
import { cloneWorld, createWorld, type World } from '../engine/sim/world';
import type { ErrorName, ScenarioProgram, Statement } from '../script/program';
import type { ThreadLabel } from './moment';
import type { Wait } from './wait';
import { type NamedVariable, type Watched, watchedVariables } from './writes';

/** One strand of the script: the script itself, or the body of an `at` or an `on` that has started. */
export interface Thread {
  readonly label: ThreadLabel;
  readonly body: readonly Statement[];
  /** Index in `body` of the statement that runs or is about to. */
  next: number;
  /** When the stop before that statement was made; null while it has not been. */
  reachedUs: number | null;
  /** What the statement waits for; null when it has not begun or needs nothing. */
  wait: Wait | null;
}

/** An `on` that watches for its trigger. */
export type Handler = Extract<Statement, { kind: 'on' }>;

/** What a host's application has been told so far. */
export interface HostMemory {
  /** Octets read so far, in order, as long as they are few enough to be a text of the script ({@link MOST_KEPT_BYTES}). */
  readonly received: Octets;
  readonly receivedBytes: number;
  /** Errors and signals so far. */
  readonly errors: readonly Exclude<ErrorName, 'any'>[];
}

const NOTHING: HostMemory = { received: NO_OCTETS, receivedBytes: 0, errors: [] };

/** How many octets read are kept for `H received "text"`. */
export const MOST_KEPT_BYTES = 16_384;

/** Everything that decides how a run goes on. Copied at checkpoints; its parts are replaced, never changed in place, except the world, the threads and the memory, which a copy has for itself. */
export interface RunState {
  readonly world: World;
  /** In the order in which they run: bodies of `at` and `on` in order of their start, the script last. */
  threads: Thread[];
  handlers: readonly Handler[];
  /** Lines of handlers that have run. */
  handlersRun: ReadonlySet<number>;
  /** By host, and by connection (`server:bob`). */
  readonly memory: Map<string, HostMemory>;
  /** The latest change of state of each connection, and of each host's main one under the host's name, for explanations. */
  lastChange: ReadonlyMap<string, Extract<EngineEvent, { kind: 'state' }>>;
  /** The variables that conditions speak of and what wrote them last, by `variableKey`; its entries are replaced, never changed. */
  readonly watched: Map<string, Watched>;
  /** The segments that a `send` has claimed. */
  claimed: ReadonlySet<SegmentId>;
  /** When the latest claimed segment was sent: arrows come in order, so an older one can not be claimed any more. */
  lastClaimUs: number;
  nextThreadId: number;
  momentCount: number;
  checkCount: number;
  /** Events since the last moment. */
  pending: readonly EngineEvent[];
  /** Set once the run can not go on. */
  ended: 'finished' | 'fatal' | 'broken-line' | 'limit' | null;
  /** How many moments there were when the script and all bodies were through; null before. */
  throughAt: number | null;
  /** The last moment has been made. */
  finished: boolean;
  /** The line after which nothing ran because a statement failed for good; null otherwise. */
  fatalLine: number | null;
}

/** The state before the first statement of a scenario; `watch` are variables that are watched besides those of its conditions. */
export function createRunState(
  scenario: ScenarioProgram,
  limits: Partial<WorldLimits>,
  watch: readonly NamedVariable[] = [],
): RunState {
  const world = createWorld({
    hosts: scenario.hosts,
    links: scenario.links,
    defaultLink: scenario.defaultLink,
    seed: scenario.seed,
    limits: { ...DEFAULT_LIMITS, ...limits },
  });
  return {
    world,
    threads: [{ label: { id: 0, kind: 'script', line: 1 }, body: scenario.body, next: 0, reachedUs: null, wait: null }],
    handlers: [],
    handlersRun: new Set(),
    memory: new Map(),
    lastChange: new Map(),
    watched: watchedVariables(scenario, world, watch),
    claimed: new Set(),
    lastClaimUs: 0,
    nextThreadId: 1,
    momentCount: 0,
    checkCount: 0,
    pending: [],
    ended: null,
    throughAt: null,
    finished: false,
    fatalLine: null,
  };
}

/** A copy that goes its own way. */
export function cloneRunState(state: RunState): RunState {
  return {
    ...state,
    world: cloneWorld(state.world),
    threads: state.threads.map((thread) => ({ ...thread })),
    memory: new Map(state.memory),
    watched: new Map(state.watched),
  };
}

/** What an application has been told: by all connections of a host, or by one of them (`server:bob`), all those with this peer together. */
export function memoryOf(state: RunState, actor: string): HostMemory {
  return state.memory.get(actor) ?? NOTHING;
}

/** Replaces what an application has been told. */
export function remember(state: RunState, actor: string, change: Partial<HostMemory>): void {
  state.memory.set(actor, { ...memoryOf(state, actor), ...change });
}
