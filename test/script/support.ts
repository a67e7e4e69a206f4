import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { compileScript, type Diagnostic } from '../../src/script';
import type { ScenarioProgram, Statement } from '../../src/script/program';

const examplesFolder = path.join(import.meta.dirname, '../../examples');

/** The names of the examples that users open first. */
export const exampleNames = readdirSync(examplesFolder).filter((name) => name.endsWith('.tcpscript'));

/** The text of an example. */
export function example(name: string): string {
  return readFileSync(path.join(examplesFolder, name), 'utf8');
}

/** Three hosts, so that every statement has somebody to be about, followed by the lines under test. */
export const THREE_HOSTS = 'host client\nhost server\nhost attacker at 10.0.0.9\n';

/** The only scenario of a script that must be without diagnostics. */
export function scenarioOf(text: string): ScenarioProgram {
  const { program, diagnostics } = compileScript(text);
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ id, message }) => `${id}: ${message}`).join('\n'));
  const [scenario] = program.scenarios;
  if (scenario === undefined || program.scenarios.length > 1) throw new Error('The script should be one scenario.');
  return scenario;
}

/** The one statement that a line means, in a scenario with client, server and attacker. */
export function statementOf(line: string): Statement {
  const { body } = scenarioOf(THREE_HOSTS + line);
  const [statement] = body;
  if (statement === undefined || body.length > 1) throw new Error('The line should be one statement.');
  return statement;
}

/** A diagnostic as tests write it: `id line:column-endColumn`. */
export function brief({ id, span }: Diagnostic): string {
  const end = span.endLine === span.line ? `${span.endColumn}` : `${span.endLine}:${span.endColumn}`;
  return `${id} ${span.line}:${span.column}-${end}`;
}

/** The diagnostics of a text, as tests write them. */
export function problemsOf(text: string): string[] {
  return compileScript(text).diagnostics.map(brief);
}

/** A compiled program without places and wording: what formatting must not change. */
export function meaningOf(text: string): unknown {
  const { program, diagnostics } = compileScript(text);
  return JSON.parse(
    JSON.stringify(
      { scenarios: program.scenarios, problems: diagnostics.map(({ id }) => id) },
      (key, value: unknown) =>
        key === 'span' || key === 'text' || key === 'hostSpans' || key === 'hostOrigins' || key === 'brokenLine'
          ? undefined
          : value,
    ),
  );
}
