import type { Program, ScenarioProgram } from '../script/program';

/** The scenario that a line (1-based) belongs to; null in an empty file. */
export function scenarioAt({ scenarios }: Program, line: number): ScenarioProgram | null {
  return scenarios.filter(({ span }) => span.line <= line).at(-1) ?? scenarios[0] ?? null;
}

/** The names of the hosts that a line may speak of: those of its scenario, and the two that always exist. */
export function hostNamesAt(program: Program, line: number): readonly string[] {
  const declared = scenarioAt(program, line)?.hosts.map(({ name }) => name) ?? [];
  return [...new Set([...declared, 'client', 'server'])];
}
