/**
 * # The command line
 *
 * `arguments.ts` reads what the user typed into a command, `cli.ts` hands it to the function of that command (one file
 * each), and every command does what it does to the world through an {@link Io}, so that tests run it without a process.
 * Messages go to standard error, one line each; what was asked for goes to standard output; the outcome is an exit code.
 * What the user can mend is a {@link CliError} of one clear sentence.
 *
 * `textReport.ts` draws a run for people: `diagramRows.ts` says what stands on each line, `diagram.ts` where the lifelines
 * and arrows go, `canvas.ts` joins the lines that meet. JSON for programs is the session's own report.
 */
export { main } from './cli';
export { CliError, EXIT, type ExitCode, type Io } from './io';
