/**
 * How many cases a property tries: `usual`, unless `PROPERTY_RUNS` asks for no more than so many. Mutation testing runs the
 * tests thousands of times, and has little use for a property that takes long.
 */
export function runs(usual: number): number {
  return Math.min(usual, Number(process.env.PROPERTY_RUNS ?? usual));
}
