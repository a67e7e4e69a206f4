import { DEFAULT_LIMITS, type WorldLimits } from '../engine/config';
import type { SegmentId } from '../engine/events';
import type { IcmpId } from '../engine/icmp';
import type { SeqBase } from '../engine/pattern';
import { eventCount, limitReached, type World, worldTimeUs } from '../engine/sim/world';
import type { ScenarioProgram } from '../script/program';
import { advance } from './advance';
import type { ChainSource } from './chain';
import { endlessAcks } from './endlessAcks';
import { type Evaluation, evaluateText } from './evaluate';
import { History } from './history';
import { createLog, type RunLog } from './log';
import type { Check, LineSummary, Moment, Outcome, RunWarning } from './moment';
import { createRun, nowUs, type Run } from './run';
import { createRunState, type RunState } from './runState';
import { formatTimeUs } from './values';
import { type NamedVariable, variableKey, type Watched } from './writes';

/** How a session is bounded and what it keeps. */
export interface SessionOptions {
  /** Bounds of events and virtual time; what is not given keeps its default. */
  readonly limits?: Partial<WorldLimits>;
  /** Bound of wall-clock time, asked every few hundred moments. */
  readonly wallClock?: { nowMs(): number; readonly maxMs: number };
  /** Asked every few hundred moments; true stops the run. */
  readonly cancelled?: () => boolean;
  /**
   * What is kept: `all` to travel (the default); `last` to travel through so many of the newest moments, or a few more,
   * whatever the length of the run; `moments`, or the `first` so many of them, to tell of them afterwards, standing only
   * at the newest; or `verdicts` alone, for runs that nobody looks at. Verdicts and what became of each segment are always
   * kept.
   */
  readonly keep?: 'all' | { readonly last: number } | 'moments' | { readonly first: number } | 'verdicts';
}

const ASK_EVERY = 256;

/** How many moments there may be for each event that the world's bound allows. */
const MOMENTS_PER_EVENT = 2;

/**
 * One run of one scenario: it goes forward, stands at any moment that is known, and judges.
 * The same scenario gives the same moments, however they are reached.
 */
export class Session {
  readonly scenario: ScenarioProgram;
  readonly #options: SessionOptions;
  readonly #log: RunLog = createLog();
  readonly #history: History | null;
  /** The moments, where they are kept to be told and not to travel. */
  readonly #moments: Moment[] = [];
  readonly #run: Run;
  readonly #startMs: number;
  #position = 0;
  #stopped: string | null = null;

  constructor(scenario: ScenarioProgram, options: SessionOptions = {}) {
    this.scenario = scenario;
    this.#options = options;
    this.#startMs = options.wallClock?.nowMs() ?? 0;
    const start = createRunState(scenario, options.limits ?? {});
    const { keep = 'all' } = options;
    if (keep === 'all' || (typeof keep === 'object' && 'last' in keep)) {
      this.#history = new History(scenario, start, this.#log, keep === 'all' ? Number.POSITIVE_INFINITY : keep.last);
      this.#run = this.#history.newest;
    } else {
      this.#history = null;
      const most = keep === 'verdicts' ? 0 : keep === 'moments' ? Number.POSITIVE_INFINITY : keep.first;
      this.#run = createRun(scenario, start, this.#log, most === 0 ? null : (moment) => this.#keepMoment(moment, most));
      advance(this.#run);
    }
  }

  /** Keeps one of the first `most` moments; from the last of them on the run only counts. */
  #keepMoment(moment: Moment, most: number): void {
    this.#moments.push(moment);
    if (this.#moments.length >= most) this.#run.keep = null;
  }

  /** How many moments are known, at least 1. */
  get momentCount(): number {
    return this.#run.state.momentCount;
  }

  /** Whether the last moment of the run is known. */
  get finished(): boolean {
    return this.#run.state.finished;
  }

  /** The moment at which the session stands, from 0. */
  get position(): number {
    return this.#position;
  }

  /** The first moment that is known: 0, or later where only the newest are kept. */
  get firstMoment(): number {
    return this.#history?.firstMoment ?? 0;
  }

  /** The index after the last moment that can be told: {@link momentCount}, but where only the first are kept. */
  get momentsKeptTo(): number {
    return this.#history === null ? this.#moments.length : this.momentCount;
  }

  /** A known moment. Throws RangeError for others, and for moments that the session does not keep. */
  moment(index: number): Moment {
    if (this.#history !== null) {
      this.#assertKnown(index);
      return this.#history.momentAt(index);
    }
    const moment = this.#moments[index];
    if (moment === undefined) throw new RangeError(`moment ${index} is not known`);
    return moment;
  }

  #assertKnown(index: number): void {
    if (!Number.isInteger(index) || index < 0 || index >= this.momentCount)
      throw new RangeError(`moment ${index} is not known`);
    if (index < this.firstMoment)
      throw new RangeError(
        `moment ${index} is forgotten: of this run the moments from ${this.firstMoment} on are kept`,
      );
  }

  /** One moment forward; false when the session stands at the end. */
  forward(): boolean {
    if (this.#position + 1 >= this.momentCount && !this.#extend(true)) return false;
    this.#position++;
    return true;
  }

  /** Stands at a known moment from now on. Throws RangeError for others. */
  travel(index: number): void {
    this.#assertKnown(index);
    this.#position = index;
  }

  /** Makes up to `moments` more moments known without moving; true when the run is over. For runs in slices. */
  runSlice(moments: number): boolean {
    for (let made = 0; made < moments; made++) if (!this.#extend(false)) break;
    return this.finished;
  }

  /** Makes all moments known without moving, and says how the run came out. */
  runToEnd(): Outcome {
    while (!this.runSlice(ASK_EVERY));
    return this.outcome() ?? 'limit';
  }

  /** Makes moments known up to this virtual time, without moving. */
  runUntil(timeUs: number): void {
    while (nowUs(this.#run) < timeUs && this.#extend(false));
  }

  /** The state at the position, or at another known moment. Only to be read. */
  stateAt(moment: number = this.#position): RunState {
    return this.#history === null ? this.#run.state : this.#history.stateAt(moment);
  }

  /** The world at the position. Only to be read. */
  world(): World {
    return this.stateAt().world;
  }

  /** The world one moment before; null at the first moment. Only to be read. */
  previousWorld(): World | null {
    return this.#position <= this.firstMoment ? null : this.stateAt(this.#position - 1).world;
  }

  /** The verdicts given up to a moment, in order; all that are known when none is named. */
  checks(upTo?: number): readonly Check[] {
    return upTo === undefined ? this.#log.checks : this.#log.checks.filter(({ moment }) => moment <= upTo);
  }

  /** What is worth saying though no check failed; complete once the run is over. */
  warnings(): readonly RunWarning[] {
    return this.#log.warnings;
  }

  /** How the run came out; null while it is not over. */
  outcome(): Outcome | null {
    if (!this.finished) return null;
    if (this.#run.state.ended === 'limit') return 'limit';
    if (this.#run.state.ended === 'broken-line') return 'error';
    return this.#log.checks.some(({ ok }) => !ok) ? 'failed' : 'passed';
  }

  /** Which bound the run met; null when it met none. */
  limitMessage(): string | null {
    if (this.#stopped !== null) return this.#stopped;
    const { ended, world } = this.#run.state;
    if (ended !== 'limit') return null;
    const bound = limitReached(world) === 'time' ? 'of virtual time' : 'of events';
    const stopped = `The simulation stopped at its bound ${bound}, after ${eventCount(world)} events and ${formatTimeUs(worldTimeUs(world))} of virtual time.`;
    const endless = endlessAcks(world);
    return endless === null ? stopped : `${stopped} ${endless}`;
  }

  /** The line that runs, or would run next, where the run has got to; null when there is none. For messages about bounds. */
  get currentLine(): number | null {
    const script = this.#run.state.threads.at(-1);
    return script?.body[Math.min(script.next, script.body.length - 1)]?.span.line ?? null;
  }

  /** The world after each line of the script that has run, in order of lines. */
  lineSummaries(): readonly LineSummary[] {
    return [...this.#log.summaries.values()].sort((a, b) => a.line - b.line);
  }

  /** The moments at which a segment was sent and at which it arrived (null while that is not known). */
  momentsOfSegment(id: SegmentId): { readonly sentMoment: number; readonly arrivedMoment: number | null } {
    const { sent, arrived } = this.#log;
    return { sentMoment: sent.get(id), arrivedMoment: arrived.get(id) || null };
  }

  /** The ISNs that the numbers of a known segment count from, for people: those of its own connection. */
  seqBaseOf(id: SegmentId): SeqBase {
    return this.#log.isns.baseOf(this.#run.state.world, id);
  }

  /** The same for an ICMP message. */
  momentsOfIcmp(id: IcmpId): { readonly sentMoment: number; readonly arrivedMoment: number | null } {
    const { icmpSent, icmpArrived } = this.#log;
    return { sentMoment: icmpSent.get(id), arrivedMoment: icmpArrived.get(id) || null };
  }

  /** What an expression, a condition or a host is worth at the position; an error in words when it is none. */
  evaluate(text: string): Evaluation {
    return evaluateText(this.stateAt(), text);
  }

  /**
   * A variable, and what wrote it last, at the position. One that no condition of the script speaks of is not watched as
   * the run goes on: for that the run is repeated from its beginning.
   */
  watched(variable: NamedVariable): Watched | null {
    const key = variableKey(variable.host, variable.name);
    const known = this.stateAt().watched.get(key);
    if (known !== undefined) return known;
    const start = createRunState(this.scenario, this.#options.limits ?? {}, [variable]);
    const run = createRun(this.scenario, start, createLog(), null);
    while (run.state.momentCount <= this.#position && advance(run));
    return run.state.watched.get(key) ?? null;
  }

  /** What chains of causes are read from: all that is known of the run. */
  get chainSource(): ChainSource {
    const moments =
      this.#history === null && this.#moments.length === 0
        ? null
        : (index: number) => (index < this.firstMoment || index >= this.momentsKeptTo ? null : this.moment(index));
    return { scenario: this.scenario, log: this.#log, world: this.#run.state.world, moments };
  }

  /** Makes one more moment known; `looks`: somebody is going to look at it. */
  #extend(looks: boolean): boolean {
    if (this.finished) return false;
    if (this.momentCount % ASK_EVERY === 0) this.#stopped = this.#reasonToStop();
    if (this.#history === null) {
      if (this.#stopped !== null) this.#run.state.ended = 'limit';
      return advance(this.#run);
    }
    if (this.#stopped !== null) this.#history.end();
    const made = this.#history.extend(looks);
    // What has been forgotten can not be stood at any more.
    this.#position = Math.max(this.#position, this.#history.firstMoment);
    return made;
  }

  #reasonToStop(): string | null {
    const { wallClock, cancelled, limits } = this.#options;
    // Applications can keep each other busy in no time at all, where the world's own bounds never come to bear.
    const mostMoments = MOMENTS_PER_EVENT * (limits?.maxEvents ?? DEFAULT_LIMITS.maxEvents);
    if (this.momentCount > mostMoments) return `The simulation stopped after ${this.momentCount} moments.`;
    if (cancelled?.() === true) return 'The simulation was cancelled.';
    if (wallClock === undefined || wallClock.nowMs() - this.#startMs <= wallClock.maxMs) return null;
    return `The simulation stopped after ${this.momentCount} moments: it took longer than ${formatTimeUs(wallClock.maxMs * 1000)} of real time.`;
  }
}
