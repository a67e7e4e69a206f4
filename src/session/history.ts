import type { ScenarioProgram } from '../script/program';
import { advance } from './advance';
import type { RunLog } from './log';
import { createRun, type Run } from './run';
import { cloneRunState, type RunState } from './runState';

/** Moments between two checkpoints at first: what has to be replayed, at most, to stand at any moment. */
const FIRST_DISTANCE = 64;

/** How many checkpoints are kept; when there are more, every second goes and the distance doubles. Even. */
const MOST_CHECKPOINTS = 128;

/**
 * Time travel: the run at its newest moment, copies of it at regular distances, and a run that is replayed from the
 * nearest copy to stand at any known moment. Nothing is ever undone.
 */
export class History {
  #checkpoints: RunState[] = [];
  #distance = FIRST_DISTANCE;
  readonly #scenario: ScenarioProgram;
  readonly #log: RunLog;
  readonly #newest: Run;
  /** The runs that were asked for last, so that going on from there is one step; the newer first. */
  #visited: Run[] = [];

  constructor(scenario: ScenarioProgram, start: RunState, log: RunLog) {
    this.#scenario = scenario;
    this.#log = log;
    this.#newest = createRun(scenario, start, log, true);
    advance(this.#newest);
    this.#checkpoints.push(cloneRunState(this.#newest.state));
  }

  /** The run at its newest moment. */
  get newest(): Run {
    return this.#newest;
  }

  /** Makes one more moment known; false when the run is over. */
  extend(): boolean {
    const made = advance(this.#newest);
    const { momentCount } = this.#newest.state;
    if (made && (momentCount - 1) % this.#distance === 0) this.#checkpoint();
    return made;
  }

  #checkpoint(): void {
    this.#checkpoints.push(cloneRunState(this.#newest.state));
    if (this.#checkpoints.length <= MOST_CHECKPOINTS) return;
    this.#checkpoints = this.#checkpoints.filter((_, index) => index % 2 === 0);
    this.#distance *= 2;
  }

  /** The state at a known moment. Not to be changed, and good until the next call but one. */
  stateAt(moment: number): RunState {
    if (moment === this.#newest.state.momentCount - 1) return this.#newest.state;
    const run = this.#nearest(moment);
    while (run.state.momentCount - 1 < moment) advance(run);
    this.#visited = [run, ...this.#visited.filter((other) => other !== run)].slice(0, 2);
    return run.state;
  }

  /** A run at or before `moment` that may be moved: one that was visited, or a fresh copy of a checkpoint. */
  #nearest(moment: number): Run {
    const checkpoint = this.#checkpoints[Math.floor(moment / this.#distance)];
    if (checkpoint === undefined) throw new Error(`no checkpoint before moment ${moment}`);
    const exact = this.#visited.find(({ state }) => state.momentCount - 1 === moment);
    if (exact !== undefined) return exact;
    // The run visited last may still be looked at (as the moment before or after); only the older one may be moved on.
    const older = this.#visited[1];
    const near =
      older !== undefined && older.state.momentCount - 1 < moment && older.state.momentCount >= checkpoint.momentCount;
    return near ? older : createRun(this.#scenario, cloneRunState(checkpoint), this.#log, true);
  }
}
