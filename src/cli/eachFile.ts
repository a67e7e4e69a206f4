import { CliError, EXIT, type ExitCode, type Io } from './io';
import { printError } from './messages';
import { readScript, type ScriptFile } from './readScript';

/**
 * Does something with each script, one after the other. A file that can not be read is told of and passed over,
 * so that one bad path does not hide what is wrong with the others.
 */
export async function eachFile(
  paths: readonly string[],
  io: Io,
  work: (script: ScriptFile, path: string) => Promise<ExitCode> | ExitCode,
): Promise<ExitCode[]> {
  const codes: ExitCode[] = [];
  for (const path of paths) {
    try {
      codes.push(await work(await readScript(path, io), path));
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      printError(io, error.message);
      codes.push(EXIT.usage);
    }
  }
  return codes;
}
