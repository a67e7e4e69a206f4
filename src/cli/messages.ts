import type { Diagnostic } from '../script/diagnosticTypes';
import type { Io } from './io';
import { printable } from './textWidth';

/** Writes diagnostics to standard error, one line each: `file:line:column: severity id message`. */
export function printDiagnostics(io: Io, file: string, diagnostics: readonly Diagnostic[]): void {
  for (const { severity, id, span, message } of diagnostics) {
    io.err(`${printable(file)}:${span.line}:${span.column}: ${severity} ${id} ${printable(message)}\n`);
  }
}

/** Writes an error that has no place in a script: bad usage, or a file that can not be read. */
export function printError(io: Io, message: string): void {
  io.err(`tcpscript: ${printable(message)}\n`);
}
