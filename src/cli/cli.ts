import { type Command, parseCommand, USAGE } from './arguments';
import { checkCommand } from './check';
import { explainCommand } from './explain';
import { fmtCommand } from './fmt';
import { CliError, EXIT, type ExitCode, type Io } from './io';
import { printError } from './messages';
import { runCommand } from './run';
import { VERSION } from './version';

type Commands = {
  readonly [K in Command['kind']]: (command: Extract<Command, { kind: K }>, io: Io) => Promise<ExitCode> | ExitCode;
};

const COMMANDS: Commands = {
  help: (_command, io) => print(USAGE, io),
  version: (_command, io) => print(`tcpscript ${VERSION}\n`, io),
  run: runCommand,
  check: checkCommand,
  fmt: fmtCommand,
  explain: explainCommand,
};

/** Runs the command that the arguments (after the program's name) ask for, and says by which code the process is to end. */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  try {
    return await dispatch(parseCommand(argv), io);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    printError(io, error.message);
    return EXIT.usage;
  }
}

function dispatch<K extends Command['kind']>(
  command: Extract<Command, { kind: K }>,
  io: Io,
): Promise<ExitCode> | ExitCode {
  const kind: K = command.kind;
  return COMMANDS[kind](command, io);
}

function print(text: string, io: Io): ExitCode {
  io.out(text);
  return EXIT.passed;
}
