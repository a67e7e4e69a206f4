import { compileScript } from '../script';
import type { ScenarioProgram } from '../script/program';
import { Session, type SessionOptions } from '../session';
import type { Command, RunFormat } from './arguments';
import { runBounds } from './bounds';
import { captures, type Output } from './captures';
import { isWrong, OUTCOME_EXIT } from './check';
import { eachFile } from './eachFile';
import { CliError, EXIT, type ExitCode, type Io, worstExit } from './io';
import { jsonPieces } from './json';
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
  const codes: ExitCode[] = [];
  const tell = (code: ExitCode) => void codes.push(code);
  const unread = await eachFile(command.files, io, (script) => {
    runs.push(fileRun(script, command, untilUs, io, tell));
    return EXIT.passed;
  });
  if (runs.length > 0) for (const { path, content } of outputsOf(command, runs, io)) await deliver(content, path, io);
  return worstExit([...unread, ...codes]);
}

/** A file with its scenarios, which run when they are asked for; `tell` takes how each came out. */
function fileRun(
  { name, text }: ScriptFile,
  command: RunCommand,
  untilUs: number | null,
  io: Io,
  tell: (code: ExitCode) => void,
): FileRun {
  const { program, diagnostics } = compileScript(text, { profile: command.profile });
  const scenarios = chosen(program.scenarios, command.scenario, name);
  printDiagnostics(io, name, diagnostics);
  tell(isWrong(diagnostics) ? EXIT.wrong : EXIT.passed);
  function* sessions(): Generator<Session> {
    for (const scenario of scenarios) {
      const session = runScenario(scenario, KEPT[command.format], untilUs, io);
      printDiagnostics(io, name, runRemarks(session, untilUs));
      tell(OUTCOME_EXIT[session.outcome() ?? 'limit']);
      yield session;
    }
  }
  return { file: name, scenarioCount: scenarios.length, sessions: sessions(), diagnostics, untilUs };
}

function chosen(scenarios: readonly ScenarioProgram[], title: string | null, file: string): readonly ScenarioProgram[] {
  if (title === null) return scenarios;
  const found = scenarios.filter((scenario) => scenario.title === title);
  if (found.length > 0) return found;
  const titles = scenarios.map((scenario) => `"${scenario.title}"`).filter((quoted) => quoted !== '""');
  const there = titles.length === 0 ? 'it names no scenario' : `its scenarios are ${titles.join(', ')}`;
  throw new CliError(`${file}: there is no scenario "${title}"; ${there}`);
}

/** How many of the first moments are looked at for the lines of a diagram. */
const DRAWN_MOMENTS = 20_000;

/** What each format needs of the moments of a run. */
const KEPT: Readonly<Record<RunFormat, NonNullable<SessionOptions['keep']>>> = {
  text: { first: DRAWN_MOMENTS },
  json: 'moments',
  pcapng: 'verdicts',
};

function runScenario(
  scenario: ScenarioProgram,
  keep: SessionOptions['keep'] & {},
  untilUs: number | null,
  io: Io,
): Session {
  const bounds = runBounds(io);
  const limits = untilUs === null ? bounds.limits : { ...bounds.limits, maxTimeUs: untilUs };
  const session = new Session(scenario, { ...bounds, limits, keep });
  withProgress(io, (progress) => {
    while (!session.runSlice(SLICE_MOMENTS)) progress(`running: ${session.momentCount} moments`);
  });
  return session;
}

const SLICE_MOMENTS = 1024;

type Outputs = (command: RunCommand, runs: readonly FileRun[], io: Io) => Iterable<Output>;

/** What each format writes, and where. */
const OUTPUTS: Readonly<Record<RunFormat, Outputs>> = {
  text: ({ out }, runs, io) => [{ path: out, content: textReport(runs, io, out === null) }],
  json: ({ out, files }, runs) => [{ path: out, content: jsonReport(runs, files.length > 1) }],
  pcapng: ({ out }, runs, io) => captures(runs, out, io),
};

function outputsOf(command: RunCommand, runs: readonly FileRun[], io: Io): Iterable<Output> {
  return OUTPUTS[command.format](command, runs, io);
}

/** One file gives one object, several give an array of them. */
function* jsonReport(runs: readonly FileRun[], several: boolean): Generator<string> {
  const reports = runs.map(({ file, sessions, diagnostics, untilUs }) =>
    reportUntil(file, sessions, diagnostics, untilUs),
  );
  yield* jsonPieces(several ? reports.values() : reports[0]);
  yield '\n';
}

/** So many characters are written at once, or a few more. */
const PIECE_CHARACTERS = 65_536;

function* gathered(pieces: Iterable<string>): Generator<string> {
  let waiting = '';
  for (const piece of pieces) {
    waiting += piece;
    if (waiting.length < PIECE_CHARACTERS) continue;
    yield waiting;
    waiting = '';
  }
  if (waiting !== '') yield waiting;
}

async function deliver(content: Output['content'], path: string | null, io: Io): Promise<void> {
  if (path === null) {
    if (content instanceof Uint8Array) io.out(content);
    else await io.outPieces(gathered(content));
    return;
  }
  try {
    await io.writeFile(path, content instanceof Uint8Array ? content : gathered(content));
  } catch (error) {
    throw new CliError(`${path}: can not be written: ${writeErrorText(error)}`);
  }
}
