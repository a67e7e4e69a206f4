/** Everything that a command does to the world outside, so that commands can be run in a test without a process. */
export interface Io {
  /** Writes to standard output. */
  out(text: string | Uint8Array): void;
  /** Writes a long text to standard output, no faster than it is read. */
  outPieces(pieces: Iterable<string>): Promise<void>;
  /** Writes to standard error. */
  err(text: string): void;
  /** Standard input to its end, but no more than `maxBytes`. */
  readStdin(maxBytes: number): Promise<Uint8Array>;
  /** The bytes of a file, a pipe or a device, but no more than `maxBytes`. Rejects with a Node system error. */
  readFile(path: string, maxBytes: number): Promise<Uint8Array>;
  /** Replaces what a file holds. Rejects with a Node system error. */
  writeFile(path: string, content: string | Uint8Array | Iterable<string>): Promise<void>;
  /** Milliseconds of a clock that never goes back; bounds runs in wall time. */
  nowMs(): number;
  /** Whether standard output is a terminal. */
  readonly outIsTerminal: boolean;
  /** Whether standard error is a terminal: progress is shown only there. */
  readonly errIsTerminal: boolean;
  /** The environment's variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Something the user can mend that ends the whole command: bad usage, or a file that can not be read or written. */
export class CliError extends Error {}

/** What a process says by its exit code; the order is that of {@link worstExit}. */
export const EXIT = {
  /** Everything passed. */
  passed: 0,
  /** A check failed. */
  failed: 1,
  /** A script is wrong: it has diagnostics of severity error. */
  wrong: 2,
  /** Bad usage, or a file could not be read or written. */
  usage: 3,
  /** A run met a bound. */
  limit: 4,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const WORST_FIRST: readonly ExitCode[] = [EXIT.usage, EXIT.wrong, EXIT.limit, EXIT.failed];

/** The exit code of a command that did several things: a file error outweighs a wrong script, then a bound, then a failed check. */
export function worstExit(codes: Iterable<ExitCode>): ExitCode {
  const all = new Set(codes);
  return WORST_FIRST.find((code) => all.has(code)) ?? EXIT.passed;
}
