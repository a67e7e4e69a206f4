import { formatScript, parseScript } from '../script';
import { isWrong } from './check';
import { eachFile } from './eachFile';
import { CliError, EXIT, type ExitCode, type Io, worstExit } from './io';
import { printDiagnostics } from './messages';
import { type ScriptFile, writeErrorText } from './readScript';

/** What `fmt` was asked to do. */
interface FmtCommand {
  readonly files: readonly string[];
  /** Only say what would change. */
  readonly check: boolean;
}

/**
 * `tcpscript fmt`: formats in place, and names the files that it changed; standard input goes to standard output.
 * Lines that can not be understood stay as they are and are told of.
 */
export async function fmtCommand({ files, check }: FmtCommand, io: Io): Promise<ExitCode> {
  const codes = await eachFile(files, io, async (script, path) => {
    const { diagnostics } = parseScript(script.text);
    const problems = diagnostics.filter(({ id }) => id !== 'empty-script');
    printDiagnostics(io, script.name, problems);
    const code = isWrong(problems) ? EXIT.wrong : EXIT.passed;
    const formatted = formatScript(script.text);
    return worstExit([code, check ? told(script, formatted, io) : await written(script, formatted, path, io)]);
  });
  return worstExit(codes);
}

function told({ name, text }: ScriptFile, formatted: string, io: Io): ExitCode {
  if (formatted === text) return EXIT.passed;
  io.out(`${name}\n`);
  return EXIT.failed;
}

async function written({ name, text }: ScriptFile, formatted: string, path: string, io: Io): Promise<ExitCode> {
  if (path === '-') {
    io.out(formatted);
    return EXIT.passed;
  }
  if (formatted === text) return EXIT.passed;
  try {
    await io.writeFile(path, formatted);
  } catch (error) {
    throw new CliError(`${name}: can not be written: ${writeErrorText(error)}`);
  }
  io.out(`${name}\n`);
  return EXIT.passed;
}
