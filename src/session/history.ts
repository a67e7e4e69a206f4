import type { ScenarioProgram } from '../script/program';
import { advance } from './advance';
import type { RunLog } from './log';
import { createRun, type Run } from './run';
import { cloneRunState, type RunState } from './runState';

/** Moments between two checkpoints: what has to be replayed, at most, to stand at any moment. */
const CHECKPOINT_EVERY = 64;

/**
 * Time travel: the run at its newest moment, copies of it at regular distances, and a run that is replayed from the
 * nearest copy to stand at any known moment. Nothing is ever undone.
 */
export class History {
  readonly #checkpoints: RunState[] = [];
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
    if (made && (momentCount - 1) % CHECKPOINT_EVERY === 0) this.#checkpoints.push(cloneRunState(this.#newest.state));
    return made;
  }

  /** The state at a known moment. Not to be changed, and good until the next call but one. */
  stateAt(moment: number): RunState {
    if (moment === this.#newest.state.momentCount - 1) return this.#newest.state;
    const run = this.#nearest(moment);
    while (run.state.momentCount - 1 < moment) advance(run);
    this.#visited = [run, ...this.#visited.filter((other) => other !== run)].slice(0, 2);
    return run.state;
  }

  /** A run at or before `moment` that may be moved: one that was visited and is near enough, or a fresh copy of a checkpoint. */
  #nearest(moment: number): Run {
    const checkpoint = this.#checkpoints[Math.floor(moment / CHECKPOINT_EVERY)];
    if (checkpoint === undefined) throw new Error(`no checkpoint before moment ${moment}`);
    // The run visited last may still be looked at (as the moment before); only the older one may be moved on.
    const near = this.#visited.find(({ state }) => state.momentCount - 1 === moment);
    return near ?? createRun(this.#scenario, cloneRunState(checkpoint), this.#log, true);
  }
}
