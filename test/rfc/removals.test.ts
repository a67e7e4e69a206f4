import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequirementId } from '../../src/engine/requirements';
import { CHECKS } from './checks';
import { type Engine, Engines, edited } from './engines';
import { REMOVALS } from './removals';
import { APPLYING, CONFORMANCE_SCRIPTS, scriptsOf } from './scripts';

const engines = new Engines();
afterAll(() => engines.dispose());

/** What shows a requirement and does not pass with this engine. Edits may make a run endless: few events are enough for each script. */
function failing(engine: Engine, id: RequirementId): string[] {
  const scripts = scriptsOf(id).flatMap(({ name, text }) => {
    const { scenarios } = engine.analyze(text, { limits: { maxEvents: 20_000 } });
    return scenarios.some(({ outcome }) => outcome === 'failed') ? [name] : [];
  });
  const checks = engine.CHECKS.filter(({ ids }) => ids.includes(id)).flatMap(({ title, run }) => {
    try {
      run();
      return [];
    } catch {
      return [title];
    }
  });
  return [...scripts, ...checks];
}

describe('a rule that is taken out of the engine', () => {
  const before = new Map<RequirementId, string[]>();
  beforeAll(async () => {
    const whole = await engines.with(null);
    for (const { id } of REMOVALS) if (!before.has(id)) before.set(id, failing(whole, id));
  });

  it.each(REMOVALS.map((removal) => [removal.id, removal.then, removal] as const))(
    '%s: %s',
    async (id, _then, removal) => {
      expect(before.get(id)).toEqual([]);
      expect(failing(await engines.with(removal), id)).not.toEqual([]);
    },
  );
});

describe('the table of removals', () => {
  it('has a row for everything that is shown', () => {
    const rows = new Set(REMOVALS.map(({ id }) => id));
    expect(APPLYING.filter((id) => !rows.has(id))).toEqual([]);
  });

  it('names requirements that something shows', () => {
    const shown = new Set([...CONFORMANCE_SCRIPTS, ...CHECKS].flatMap(({ ids }) => ids));
    expect(REMOVALS.filter(({ id }) => !shown.has(id)).map(({ id }) => id)).toEqual([]);
  });

  it('says so when the code has moved', () => {
    const edit = { file: 'src/engine/seq.ts', text: 'no such text', replacement: '' };
    expect(() => edited(edit)).toThrow(/src\/engine\/seq\.ts, but its text stands there 0 times/);
  });
});
