import { compileScript } from '../script';
import type { ScenarioProgram } from '../script/program';
import { type RunReport, Session } from '../session';
import type { Command, RunFormat } from './arguments';
import { runBounds } from './bounds';
import { captures, type Output } from './captures';
import { isWrong, OUTCOME_EXIT } from './check';
import { eachFile } from './eachFile';
import { CliError, EXIT, type ExitCode, type Io, worstExit } from './io';
import { printDiagnostics } from './messages';
import { withProgress } from './progress';
import { type ScriptFile, writeErrorText } from './readScript';
import { type FileRun, textReport } from './textReport';
import { reportUntil, runRemarks } from './until';
import { readTimeUs } from './virtualTime';

type RunCommand = Extract<Command, { kind: 'run' }>;

/** `tcpscript run`: runs scripts and shows what went over the wire. */
export async function runCommand(command: RunCommand, io: Io): Promise<ExitCode> {
  const untilUs = command.until === null ? null : readTimeUs('--until', command.until);
  const runs: FileRun[] = [];
  const codes = await eachFile(command.files, io, (script) => {
    const run = runFile(script, command, untilUs, io);
    printDiagnostics(io, script.name, run.diagnostics);
    for (const session of run.sessions) printDiagnostics(io, script.name, runRemarks(session, untilUs));
    runs.push(run);
    return exitOf(run);
  });
  if (runs.length > 0) for (const { path, content } of outputsOf(command, runs, io)) await deliver(content, path, io);
  return worstExit(codes);
}

function runFile({ name, text }: ScriptFile, command: RunCommand, untilUs: number | null, io: Io): FileRun {
  const { program, diagnostics } = compileScript(text, { profile: command.profile });
  const sessions = chosen(program.scenarios, command.scenario, name).map((scenario) =>
    runScenario(scenario, untilUs, io),
  );
  return { file: name, sessions, diagnostics, untilUs };
}

function chosen(scenarios: readonly ScenarioProgram[], title: string | null, file: string): readonly ScenarioProgram[] {
  if (title === null) return scenarios;
  const found = scenarios.filter((scenario) => scenario.title === title);
  if (found.length > 0) return found;
  const titles = scenarios.map((scenario) => `"${scenario.title}"`).filter((quoted) => quoted !== '""');
  const there = titles.length === 0 ? 'it names no scenario' : `its scenarios are ${titles.join(', ')}`;
  throw new CliError(`${file}: there is no scenario "${title}"; ${there}`);
}

function runScenario(scenario: ScenarioProgram, untilUs: number | null, io: Io): Session {
  const bounds = runBounds(io);
  const limits = untilUs === null ? bounds.limits : { ...bounds.limits, maxTimeUs: untilUs };
  const session = new Session(scenario, { ...bounds, limits, keep: 'moments' });
  withProgress(io, (progress) => {
    while (!session.runSlice(SLICE_MOMENTS)) progress(`running: ${session.momentCount} moments`);
  });
  return session;
}

const SLICE_MOMENTS = 1024;

function exitOf({ diagnostics, sessions }: FileRun): ExitCode {
  const written = isWrong(diagnostics) ? EXIT.wrong : EXIT.passed;
  return worstExit([written, ...sessions.map((session) => OUTCOME_EXIT[session.outcome() ?? 'limit'])]);
}

type Outputs = (command: RunCommand, runs: readonly FileRun[], io: Io) => Output[];

/** What each format writes, and where. */
const OUTPUTS: Readonly<Record<RunFormat, Outputs>> = {
  text: ({ out }, runs, io) => [{ path: out, content: textReport(runs, io, out === null) }],
  json: ({ out, files }, runs) => [{ path: out, content: jsonReport(runs, files.length > 1) }],
  pcapng: ({ out }, runs, io) => captures(runs, out, io),
};

function outputsOf(command: RunCommand, runs: readonly FileRun[], io: Io): Output[] {
  return OUTPUTS[command.format](command, runs, io);
}

/** One file gives one object, several give an array of them. */
function jsonReport(runs: readonly FileRun[], several: boolean): string {
  const reports: RunReport[] = runs.map(({ file, sessions, diagnostics, untilUs }) =>
    reportUntil(file, sessions, diagnostics, untilUs),
  );
  return `${JSON.stringify(several ? reports : reports[0], null, 2)}\n`;
}

async function deliver(content: string | Uint8Array, path: string | null, io: Io): Promise<void> {
  if (path === null) {
    io.out(content);
    return;
  }
  try {
    await io.writeFile(path, content);
  } catch (error) {
    throw new CliError(`${path}: can not be written: ${writeErrorText(error)}`);
  }
}
