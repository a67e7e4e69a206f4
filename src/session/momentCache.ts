import type { Moment } from './moment';

/** How many neighbouring moments are kept or forgotten together. */
export const STRETCH_MOMENTS = 1024;

/** How many stretches are kept: a run of 16,000 moments is kept whole. */
const MOST_STRETCHES = 16;

/** Moments that follow each other, inside one stretch. */
interface Stretch {
  /** Index of the first that is kept. */
  readonly first: number;
  readonly moments: Moment[];
}

/** Moments as objects, a stretch of neighbours at a time: the stretches that were used last. */
export class MomentCache {
  /** By number, in the order of their use. */
  readonly #stretches = new Map<number, Stretch>();
  /** The stretch that was used last, so that it need not be moved to the end again. */
  #latest = -1;

  /** The moment at `index`; undefined when it is not kept. */
  get(index: number): Moment | undefined {
    const number = numberOf(index);
    const stretch = this.#stretches.get(number);
    const moment = stretch?.moments[index - stretch.first];
    if (stretch !== undefined && moment !== undefined && number !== this.#latest) this.#use(number, stretch);
    return moment;
  }

  /** Keeps a moment, unless others of its stretch are kept and it does not follow them. */
  add(moment: Moment): void {
    const number = numberOf(moment.index);
    const stretch = this.#stretches.get(number);
    if (stretch === undefined) this.#use(number, { first: moment.index, moments: [moment] });
    else if (moment.index === stretch.first + stretch.moments.length) stretch.moments.push(moment);
  }

  /** The index after the last that is kept of the stretch around `index`; null when they begin after `index` or there are none. */
  keptUpTo(index: number): number | null {
    const stretch = this.#stretches.get(numberOf(index));
    return stretch === undefined || stretch.first > index ? null : stretch.first + stretch.moments.length;
  }

  /** Forgets the stretch around `index`. */
  forget(index: number): void {
    this.#stretches.delete(numberOf(index));
  }

  #use(number: number, stretch: Stretch): void {
    this.#latest = number;
    this.#stretches.delete(number);
    this.#stretches.set(number, stretch);
    if (this.#stretches.size <= MOST_STRETCHES) return;
    const [oldest] = this.#stretches.keys();
    if (oldest !== undefined) this.#stretches.delete(oldest);
  }
}

function numberOf(index: number): number {
  return Math.floor(index / STRETCH_MOMENTS);
}
