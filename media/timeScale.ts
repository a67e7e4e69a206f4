/** Height of an arrow whose delay is the run's usual one, in pixels. */
export const USUAL_SLANT_PX = 38;
/** More than this is not drawn to scale. */
export const LONGEST_GAP_PX = 110;
/** Height of a gap that is not drawn to scale; its break mark takes part of it. */
export const BREAK_PX = 58;
/** The least slant: a segment that takes no time still goes downward. */
export const LEAST_SLANT_PX = 12;

/** How virtual time becomes height. */
export interface TimeScale {
  readonly pxPerUs: number;
}

/** The height of a stretch of virtual time, and whether it was cut short. */
export interface Gap {
  readonly px: number;
  readonly broken: boolean;
}

/** Taken for the usual delay where there is none, in microseconds. */
const NO_DELAY_US = 10_000;

/**
 * The scale of a run: a segment that takes the usual delay gets the usual slant. The usual delay is that of the run's first
 * segment, so that the picture stays as it is while the run goes on, and is the same in each of its stretches.
 */
export function timeScaleOf(usualDelayUs: number | null): TimeScale {
  return { pxPerUs: USUAL_SLANT_PX / (usualDelayUs ?? NO_DELAY_US) };
}

/** The height of `durationUs` between two instants: to scale, or a break when nothing could be seen to scale. */
export function gapOf(scale: TimeScale, durationUs: number): Gap {
  const px = durationUs * scale.pxPerUs;
  return px <= LONGEST_GAP_PX ? { px, broken: false } : { px: BREAK_PX, broken: true };
}

/** The least height between the ends of an arrow that takes `delayUs`. */
export function slantOf(scale: TimeScale, delayUs: number): number {
  return Math.max(LEAST_SLANT_PX, gapOf(scale, delayUs).px);
}
