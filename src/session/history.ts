import type { ScenarioProgram } from '../script/program';
import { advance } from './advance';
import type { RunLog } from './log';
import type { Moment } from './moment';
import { MomentCache, STRETCH_MOMENTS } from './momentCache';
import { createRun, type Run } from './run';
import { cloneRunState, type RunState } from './runState';

/** Moments between two checkpoints at first: what has to be replayed, at most, to stand at any moment. No less than is told at once. */
const FIRST_DISTANCE = STRETCH_MOMENTS;

/** How many checkpoints are kept; when there are more, every second goes and the distance doubles. Even. */
const MOST_CHECKPOINTS = 512;

/** How many distances a bounded history is divided into, and the least of them. */
const PARTS_OF_BOUND = 16;
const LEAST_PART = 256;

/**
 * Time travel: the run at its newest moment, copies of it at regular distances, and a run that is replayed from the
 * nearest copy to stand at any known moment. Nothing is ever undone.
 *
 * A moment as an object is large, and most are never looked at. So they are made when somebody asks for them, by a replay
 * that keeps what it passes, or at once while somebody looks at each as the run goes on (`extend(true)`).
 */
export class History {
  /** By the moment at which each stands, divided by the distance (the first stands before moment 0); a bounded history forgets the oldest. */
  #checkpoints = new Map<number, RunState>();
  #distance: number;
  /** How many of the newest moments are to be known at least; Infinity for all. */
  readonly #bound: number;
  #firstMoment = 0;
  /** The moment before which the run was ended from outside; null when it was not. */
  #endedAt: number | null = null;
  readonly #moments = new MomentCache();
  readonly #keep = (moment: Moment): void => this.#moments.add(moment);
  readonly #scenario: ScenarioProgram;
  readonly #log: RunLog;
  readonly #newest: Run;
  /** The runs that were asked for last, so that going on from there is one step; the newer first. */
  #visited: Run[] = [];
  /** The run that made moments last, at the end of their stretch: the next stretch goes on from here. */
  #teller: Run | null = null;

  /** `bound`: how many of the newest moments stay known, at least; Infinity for all. */
  constructor(scenario: ScenarioProgram, start: RunState, log: RunLog, bound = Number.POSITIVE_INFINITY) {
    this.#scenario = scenario;
    this.#log = log;
    this.#bound = bound;
    this.#distance =
      bound === Number.POSITIVE_INFINITY ? FIRST_DISTANCE : Math.max(LEAST_PART, Math.ceil(bound / PARTS_OF_BOUND));
    this.#newest = createRun(scenario, start, log, this.#keep);
    this.#checkpoints.set(0, cloneRunState(start));
    advance(this.#newest);
  }

  /** The run at its newest moment. */
  get newest(): Run {
    return this.#newest;
  }

  /** The first moment that is known: 0, or later in a bounded history. */
  get firstMoment(): number {
    return this.#firstMoment;
  }

  /** Makes one more moment known; false when the run is over. `looks`: somebody is going to look at it. */
  extend(looks: boolean): boolean {
    this.#newest.keep = looks ? this.#keep : null;
    const made = advance(this.#newest);
    const newest = this.#newest.state.momentCount - 1;
    if (made && newest % this.#distance === 0) this.#checkpoint(newest);
    return made;
  }

  /** Ends the run before its next moment, which says so: a bound that the run does not know of is met. */
  end(): void {
    this.#newest.state.ended = 'limit';
    this.#endedAt = this.#newest.state.momentCount;
  }

  /** One moment of a replay; it ends where the run was ended. */
  #replay(run: Run): void {
    if (run.state.momentCount === this.#endedAt) run.state.ended = 'limit';
    if (!advance(run)) throw new Error(`the replay ended before moment ${run.state.momentCount}`);
  }

  #checkpoint(moment: number): void {
    this.#checkpoints.set(moment / this.#distance, cloneRunState(this.#newest.state));
    if (this.#bound !== Number.POSITIVE_INFINITY) this.#forget(moment - this.#bound);
    else if (this.#checkpoints.size > MOST_CHECKPOINTS) this.#thinOut();
  }

  #thinOut(): void {
    const kept = new Map<number, RunState>();
    for (const [number, state] of this.#checkpoints) if (number % 2 === 0) kept.set(number / 2, state);
    this.#checkpoints = kept;
    this.#distance *= 2;
  }

  /** Forgets all up to the last checkpoint at or before `moment`: from there on, moments can be told again. */
  #forget(moment: number): void {
    const first = Math.floor(moment / this.#distance);
    if (first <= 0) return;
    this.#firstMoment = first * this.#distance + 1;
    for (const number of this.#checkpoints.keys()) if (number < first) this.#checkpoints.delete(number);
  }

  /** A known moment: one that is kept, or made by a replay of its stretch. */
  momentAt(index: number): Moment {
    const kept = this.#moments.get(index) ?? this.#tell(index);
    if (kept === undefined) throw new Error(`the replay did not come to moment ${index}`);
    return kept;
  }

  /** Replays the stretch around a known moment as far as it is known, and keeps its moments. */
  #tell(index: number): Moment | undefined {
    const first = index - (index % STRETCH_MOMENTS);
    const keptUpTo = this.#moments.keptUpTo(index);
    const goesOn = keptUpTo !== null && keptUpTo >= this.#firstMoment;
    if (!goesOn) this.#moments.forget(index);
    const from = goesOn ? keptUpTo : Math.max(first, this.#firstMoment);
    const end = Math.min(first + STRETCH_MOMENTS, this.#newest.state.momentCount);
    const run = this.#tellerBefore(from);
    run.keep = null;
    while (run.state.momentCount < from) this.#replay(run);
    run.keep = this.#keep;
    while (run.state.momentCount < end) this.#replay(run);
    this.#teller = run;
    return this.#moments.get(index);
  }

  /** A run that has yet to make `moment`: the one that told moments last, or a fresh copy of a checkpoint. */
  #tellerBefore(moment: number): Run {
    const checkpoint = this.#checkpointBefore(moment - 1);
    const teller = this.#teller;
    const near =
      teller !== null && teller.state.momentCount <= moment && teller.state.momentCount >= checkpoint.momentCount;
    return near ? teller : createRun(this.#scenario, cloneRunState(checkpoint), this.#log, null);
  }

  /** The state at a known moment. Not to be changed, and good until the next call but one. */
  stateAt(moment: number): RunState {
    if (moment === this.#newest.state.momentCount - 1) return this.#newest.state;
    const run = this.#nearest(moment);
    while (run.state.momentCount - 1 < moment) this.#replay(run);
    this.#visited = [run, ...this.#visited.filter((other) => other !== run)].slice(0, 2);
    return run.state;
  }

  /** A run at or before `moment` that may be moved: one that was visited, or a fresh copy of a checkpoint. */
  #nearest(moment: number): Run {
    const checkpoint = this.#checkpointBefore(moment);
    const exact = this.#visited.find(({ state }) => state.momentCount - 1 === moment);
    if (exact !== undefined) return exact;
    // The run visited last may still be looked at (as the moment before or after); only the older one may be moved on.
    const older = this.#visited[1];
    const near =
      older !== undefined && older.state.momentCount - 1 < moment && older.state.momentCount >= checkpoint.momentCount;
    return near ? older : createRun(this.#scenario, cloneRunState(checkpoint), this.#log, null);
  }

  #checkpointBefore(moment: number): RunState {
    const checkpoint = this.#checkpoints.get(Math.floor(Math.max(moment, 0) / this.#distance));
    if (checkpoint === undefined) throw new Error(`no checkpoint before moment ${moment}`);
    return checkpoint;
  }
}
