import { compileScript } from '../script';
import type { Diagnostic } from '../script/diagnosticTypes';
import { analyze, type Outcome } from '../session';
import { runBounds } from './bounds';
import { eachFile } from './eachFile';
import { EXIT, type ExitCode, type Io, worstExit } from './io';
import { printDiagnostics } from './messages';

/** How the outcome of a run is said by an exit code. */
export const OUTCOME_EXIT: Readonly<Record<Outcome, ExitCode>> = {
  passed: EXIT.passed,
  failed: EXIT.failed,
  error: EXIT.wrong,
  limit: EXIT.limit,
};

/** Whether something is wrong with how a script is written. */
export function isWrong(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

/** `tcpscript check`: everything that the editor would underline. */
export async function checkCommand({ files }: { readonly files: readonly string[] }, io: Io): Promise<ExitCode> {
  const codes = await eachFile(files, io, ({ name, text }) => {
    const { diagnostics, scenarios } = analyze(text, runBounds(io));
    printDiagnostics(io, name, diagnostics);
    const written = isWrong(compileScript(text).diagnostics) ? EXIT.wrong : EXIT.passed;
    return worstExit([written, ...scenarios.map(({ outcome }) => OUTCOME_EXIT[outcome])]);
  });
  return worstExit(codes);
}
