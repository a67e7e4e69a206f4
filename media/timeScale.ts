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

/**
 * The scale of a run: its first segment that takes time gets the usual slant. It is fixed by the first such segment so
 * that the picture above stays where it is while the run goes on.
 */
export function timeScaleOf(
  segments: readonly { readonly sentUs: number; readonly arriveUs: number | null }[],
): TimeScale {
  for (const { sentUs, arriveUs } of segments) {
    if (arriveUs !== null && arriveUs > sentUs) return { pxPerUs: USUAL_SLANT_PX / (arriveUs - sentUs) };
  }
  return { pxPerUs: USUAL_SLANT_PX / 10_000 };
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
