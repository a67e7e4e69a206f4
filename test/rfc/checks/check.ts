import type { RequirementId } from '../../../src/engine/requirements';

/** What shows a requirement that the language can not express: it throws when the engine does something else. */
export interface Check {
  readonly ids: readonly RequirementId[];
  /** What is shown, in a few words. */
  readonly title: string;
  readonly run: () => void;
}

/** Throws unless the two are the same when written as JSON. */
export function same(what: string, actual: unknown, expected: unknown): void {
  const [is, shall] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== shall) throw new Error(`${what}: expected ${shall}, got ${is}`);
}
