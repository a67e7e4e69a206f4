import { compileScript } from '../script';
import type { Diagnostic } from '../script/diagnosticTypes';
import { PROFILES, type ProfileName } from '../script/options';
import type { Program, ScenarioProgram } from '../script/program';
import type { DapHost } from './host';
import { optionalBoolean, optionalIndex, optionalText, type RawArguments, RequestError } from './requests';

/** What a client asks for when it launches a script. */
export interface LaunchArguments {
  /** The script, by the name under which the client knows it: a path, or a URI. */
  readonly program: string;
  /** Whether to stop before the first statement; true unless told otherwise, since stepping is what the tool is for. */
  readonly stopOnEntry: boolean;
  /** Whether to run to the end without any stop. */
  readonly noDebug: boolean;
  /** Title of the scenario to run; the first one when absent. */
  readonly scenario?: string;
  /** Overrides the script's own seed. */
  readonly seed?: number;
  /** Defaults of the hosts that name no profile of their own. */
  readonly profile?: ProfileName;
}

/** A script that can run. */
export interface LoadedScript {
  /** As in {@link LaunchArguments.program}. */
  readonly path: string;
  readonly program: Program;
  /** The scenario that runs. */
  readonly scenario: ScenarioProgram;
  /** Remarks that do not prevent the run. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A script that can not run; the diagnostics say where and why. */
export class ScriptError extends RequestError {
  readonly path: string;
  readonly diagnostics: readonly Diagnostic[];

  constructor(message: string, path: string, diagnostics: readonly Diagnostic[]) {
    super(message, { showUser: true });
    this.name = 'ScriptError';
    this.path = path;
    this.diagnostics = diagnostics;
  }
}

/** Reads the arguments of a launch; throws {@link RequestError} when they make no sense. */
export function readLaunchArguments(args: RawArguments): LaunchArguments {
  const program = visibly(() => optionalText(args, 'program'));
  if (program === undefined || program.trim() === '') {
    throw new RequestError(
      'The launch configuration names no script: set "program" to the path of a .tcpscript file.',
      {
        showUser: true,
      },
    );
  }
  const scenario = visibly(() => optionalText(args, 'scenario'));
  const seed = visibly(() => optionalIndex(args, 'seed'));
  const profile = visibly(() => readProfile(args));
  return {
    program,
    stopOnEntry: visibly(() => optionalBoolean(args, 'stopOnEntry')) ?? true,
    noDebug: visibly(() => optionalBoolean(args, 'noDebug')) ?? false,
    ...(scenario === undefined ? {} : { scenario }),
    ...(seed === undefined ? {} : { seed }),
    ...(profile === undefined ? {} : { profile }),
  };
}

/** Reads and compiles the script of a launch. Throws {@link RequestError} or {@link ScriptError} when it can not run. */
export async function loadScript(host: DapHost, launch: LaunchArguments): Promise<LoadedScript> {
  const { program: path } = launch;
  const { program, diagnostics } = compileScript(await readProgram(host, path), {
    ...(launch.seed === undefined ? {} : { seed: launch.seed }),
    ...(launch.profile === undefined ? {} : { profile: launch.profile }),
  });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const first = errors[0];
  if (first !== undefined) {
    const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
    const { line, column } = first.span;
    throw new ScriptError(
      `The script has errors, so it does not run. Line ${line}, column ${column}: ${first.message}${more}`,
      path,
      diagnostics,
    );
  }
  const scenario = chooseScenario(program, launch.scenario);
  if (scenario.body.length === 0) {
    throw new ScriptError('There is nothing to run: the script has no statement.', path, diagnostics);
  }
  return { path, program, scenario, diagnostics };
}

/** The last part of a path or URI, for people. */
export function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

async function readProgram(host: DapHost, path: string): Promise<string> {
  try {
    return await host.readText(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RequestError(`The script ${path} can not be read: ${why}`, { showUser: true });
  }
}

function chooseScenario(program: Program, title: string | undefined): ScenarioProgram {
  const { scenarios } = program;
  const chosen =
    title === undefined ? firstThatRuns(scenarios) : scenarios.find((scenario) => scenario.title === title);
  if (chosen !== undefined) return chosen;
  const titles = scenarios.map((scenario) => `"${scenario.title}"`).join(', ');
  throw new RequestError(
    title === undefined
      ? 'There is nothing to run: the script has no statement.'
      : `The script has no scenario "${title}". It has: ${titles}.`,
    { showUser: true },
  );
}

/** The first scenario that has a statement, since the text before the first `scenario` line may have none. */
function firstThatRuns(scenarios: readonly ScenarioProgram[]): ScenarioProgram | undefined {
  return scenarios.find(({ body }) => body.length > 0) ?? scenarios[0];
}

function readProfile(args: RawArguments): ProfileName | undefined {
  const name = optionalText(args, 'profile');
  if (name === undefined) return undefined;
  if (!isProfile(name)) {
    throw new RequestError(`"profile" must be one of ${Object.keys(PROFILES).join(', ')}, not "${name}".`);
  }
  return name;
}

function isProfile(name: string): name is ProfileName {
  return Object.hasOwn(PROFILES, name);
}

function visibly<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    throw new RequestError(`The launch configuration is wrong: ${error.message}`, { showUser: true });
  }
}
