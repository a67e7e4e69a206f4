import { REQUIREMENT_IDS, type RequirementId } from '../../src/engine/requirements';
import { rule } from '../../src/engine/rules';
import { compileScript } from '../../src/script';
import { Session } from '../../src/session';
import type { RequirementPlaces } from '../../src/session/requirementPlaces';
import { example, exampleNames } from '../script/support';
import { CHECKS } from './checks';
import { scriptsOf } from './scripts';

/** The requirements behind what happens in an example. */
function requirementsIn(name: string): Set<RequirementId> {
  const found = new Set<RequirementId>();
  for (const scenario of compileScript(example(name)).program.scenarios) {
    const session = new Session(scenario);
    session.runToEnd();
    for (let at = 0; at < session.momentCount; at++) {
      for (const event of session.moment(at).events) {
        const cause = 'record' in event ? event.record.cause : 'cause' in event ? event.cause : null;
        const requirement = cause === null ? null : rule(cause.rule).requirement;
        if (requirement !== null) found.add(requirement);
      }
    }
  }
  return found;
}

/** Where each requirement is shown, as the scripts, the checks and the examples say. */
export function requirementPlaces(): Partial<Record<RequirementId, RequirementPlaces>> {
  const inExamples = [...exampleNames].sort().map((name) => [name, requirementsIn(name)] as const);
  const rows = REQUIREMENT_IDS.map((id) => {
    const scripts = scriptsOf(id).map(({ name }) => name);
    const checks = CHECKS.filter(({ ids }) => ids.includes(id)).map(({ title }) => title);
    const examples = inExamples.filter(([, ids]) => ids.has(id)).map(([name]) => name);
    return [id, { scripts, checks, examples }] as const;
  });
  return Object.fromEntries(
    rows.filter(([, { scripts, checks, examples }]) => scripts.length + checks.length + examples.length > 0),
  );
}
