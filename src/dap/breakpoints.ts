import type { Program, ScenarioProgram, Statement } from '../script/program';
import { compileWatch } from '../script/watch';
import type { Moment } from '../session/moment';
import { asRecord, listOf, optionalText, type RawArguments, RequestError } from './requests';

/** Where a statement begins; 1-based. */
export interface Location {
  readonly line: number;
  readonly column: number;
}

/** A breakpoint as a client asks for it; lines and columns are 1-based here. */
export interface RequestedBreakpoint {
  readonly line: number;
  /** Absent for the first statement of the line. */
  readonly column?: number;
  /** Stops only when this is true there, such as `server is ESTABLISHED`. */
  readonly condition?: string;
  /** What else was asked for that no breakpoint here can do, in words. */
  readonly unsupported?: string;
}

/** A breakpoint and the statement that it sits on, or why it sits on none. */
export interface PlacedBreakpoint {
  readonly id: number;
  readonly requested: RequestedBreakpoint;
  readonly location: Location | null;
  /** Why it will not be met, or why it was moved; null when there is nothing to say. */
  readonly message: string | null;
}

/** Where the statements of a scenario begin, those in the bodies of `at` and `on` included, from top to bottom. */
export function statementLocations(scenario: ScenarioProgram): Location[] {
  return collect(scenario.body).sort(compareLocations);
}

/** The script that breakpoints are placed in. */
export interface PlacedScript {
  readonly path: string;
  readonly program: Program;
  /** The scenario that runs; null while that is not known, which is when any will do. */
  readonly running: ScenarioProgram | null;
}

/** The breakpoints of all files. They may be set before the script runs; `place` puts them on its statements once it does. */
export class BreakpointTable {
  private readonly byPath = new Map<string, PlacedBreakpoint[]>();
  private nextId = 1;
  private script: PlacedScript | null = null;

  /**
   * Replaces the breakpoints of one file, and returns them in the order of the request. `preview` is what that file
   * holds, for the time before a script runs; null when it can not be read.
   */
  set(
    path: string,
    requested: readonly RequestedBreakpoint[],
    preview: PlacedScript | null,
  ): readonly PlacedBreakpoint[] {
    const placed = requested.map((one) => placeOne(this.script ?? preview, path, this.nextId++, one));
    this.byPath.set(pathKey(path), placed);
    return placed;
  }

  /** Puts all breakpoints on the statements of this script, and returns those that are told otherwise than before. */
  place(script: PlacedScript): readonly PlacedBreakpoint[] {
    this.script = script;
    const changed: PlacedBreakpoint[] = [];
    for (const [key, before] of this.byPath) {
      const after = before.map(({ id, requested }) => placeOne(script, key, id, requested));
      this.byPath.set(key, after);
      for (const [index, one] of after.entries()) if (!isSame(one, before[index])) changed.push(one);
    }
    return changed;
  }

  /** The breakpoints on the statement that is about to run at this moment. */
  at(moment: Moment): readonly PlacedBreakpoint[] {
    if (this.script === null || moment.kind !== 'statement' || moment.statement === null) return [];
    const { line, column } = moment.statement.span;
    const placed = this.byPath.get(pathKey(this.script.path)) ?? [];
    return placed.filter(({ location }) => location?.line === line && location.column === column);
  }
}

/** What a client may ask of a breakpoint though {@link CAPABILITIES} does not offer it. */
const UNSUPPORTED: readonly { readonly name: string; readonly message: string }[] = [
  { name: 'hitCondition', message: 'Hits are not counted here, since a run goes back as well: use a condition.' },
  { name: 'logMessage', message: 'Logpoints are not supported here: the debug console tells of every segment.' },
];

/** Reads the breakpoints of a `setBreakpoints` request; `toLine` and `toColumn` make the client's numbers 1-based. */
export function readBreakpoints(
  args: RawArguments,
  toLine: (line: number) => number,
  toColumn: (column: number) => number,
): RequestedBreakpoint[] {
  return listOf(args, 'breakpoints').map((entry) => {
    const breakpoint = asRecord(entry);
    const { line, column } = breakpoint;
    if (typeof line !== 'number' || !Number.isSafeInteger(line)) throw new RequestError('A breakpoint needs a line.');
    const condition = optionalText(breakpoint, 'condition')?.trim();
    const unsupported = UNSUPPORTED.find(({ name }) => (optionalText(breakpoint, name)?.trim() ?? '') !== '')?.message;
    return {
      line: toLine(line),
      ...(typeof column === 'number' && Number.isSafeInteger(column) ? { column: toColumn(column) } : {}),
      ...(condition === undefined || condition === '' ? {} : { condition }),
      ...(unsupported === undefined ? {} : { unsupported }),
    };
  });
}

/** Earlier in the file is less. */
export function compareLocations(a: Location, b: Location): number {
  return a.line - b.line || a.column - b.column;
}

function collect(body: readonly Statement[]): Location[] {
  return body.flatMap((statement) => {
    const { line, column } = statement.span;
    const inner = statement.kind === 'at' || statement.kind === 'on' ? collect(statement.body) : [];
    return [{ line, column }, ...inner];
  });
}

function placeOne(
  script: PlacedScript | null,
  path: string,
  id: number,
  requested: RequestedBreakpoint,
): PlacedBreakpoint {
  const nowhere = (message: string): PlacedBreakpoint => ({ id, requested, location: null, message });
  if (script === null) return nowhere('The script can not be read yet.');
  if (pathKey(path) !== pathKey(script.path)) return nowhere('This file is not the script that runs.');
  if (requested.unsupported !== undefined) return nowhere(requested.unsupported);
  if (requested.line < 1) return nowhere('A script has no line before its first.');
  const owner = scenarioOfLine(script.program, requested.line);
  if (owner === undefined) return nowhere('The script has no statement.');
  if (script.running !== null && owner !== script.running) {
    return nowhere(
      `This line belongs to the scenario "${owner.title}"; "${script.running.title}" is the one that runs.`,
    );
  }
  const wanted = { line: requested.line, column: requested.column ?? 1 };
  const location = statementLocations(owner).find((statement) => compareLocations(statement, wanted) >= 0);
  if (location === undefined) return nowhere('No statement follows in this scenario, so there is nowhere to stop.');
  const wrong = conditionProblem(owner, requested.condition);
  if (wrong !== null) return nowhere(wrong);
  const moved =
    location.line === requested.line ? null : `Line ${requested.line} has no statement: moved to the next one.`;
  return { id, requested, location, message: moved };
}

/** What is wrong with a condition among the hosts of this scenario; null when it can be evaluated. */
function conditionProblem({ hosts }: ScenarioProgram, condition: string | undefined): string | null {
  if (condition === undefined) return null;
  const watch = compileWatch(
    condition,
    hosts.map(({ name }) => name),
  );
  return 'error' in watch ? `The condition means nothing here: ${watch.error}` : null;
}

/** The scenario whose stretch of the file has this line: from its `scenario` line to before the next one. */
function scenarioOfLine(program: Program, line: number): ScenarioProgram | undefined {
  return program.scenarios.filter(({ span }) => span.line <= line).at(-1) ?? program.scenarios[0];
}

/** Windows names one file in several ways: either slash, either case of the drive letter. */
function pathKey(path: string): string {
  return path.replaceAll('\\', '/').replace(/^[A-Za-z]:/, (drive) => drive.toLowerCase());
}

function isSame(a: PlacedBreakpoint, b: PlacedBreakpoint | undefined): boolean {
  return a.message === b?.message && a.location?.line === b.location?.line && a.location?.column === b.location?.column;
}
