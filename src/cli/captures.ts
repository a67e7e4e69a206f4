import { encodePcapng } from '../engine/wire';
import { captureSession } from '../session';
import { CliError, type Io } from './io';
import type { FileRun } from './textReport';
import { VERSION } from './version';

/** Something that a command writes. */
export interface Output {
  /** A file; null for standard output. */
  readonly path: string | null;
  /** Whole, or a text in pieces that are made as they are read, once. */
  readonly content: Uint8Array | Iterable<string>;
}

/**
 * The captures of runs, one for each scenario: in one file two scenarios, whose hosts have the same addresses and begin at
 * the same time, would look like one connection. Several are numbered: `a.pcapng` becomes `a-1.pcapng`, `a-2.pcapng`.
 * Throws {@link CliError} where standard output can not take them.
 */
export function captures(runs: readonly FileRun[], path: string | null, io: Io): Iterable<Output> {
  if (path === null && io.outIsTerminal) {
    throw new CliError(
      "a capture is no text for a terminal; name a file with '--out', or pipe it: | wireshark -k -i -",
    );
  }
  const count = runs.reduce((sum, { scenarioCount }) => sum + scenarioCount, 0);
  if (path === null && count > 1) {
    throw new CliError(
      `there are ${count} scenarios, and standard output holds one capture; choose with '--scenario', or name a file with '--out'`,
    );
  }
  return capturesOf(runs, path, count);
}

function* capturesOf(runs: readonly FileRun[], path: string | null, count: number): Generator<Output> {
  let number = 0;
  for (const { file, sessions } of runs) {
    for (const session of sessions) {
      number++;
      const { title } = session.scenario;
      const capture = captureSession(session, `TCPScript ${VERSION}`, title === '' ? file : `${file}: ${title}`);
      yield { path: path === null || count === 1 ? path : numbered(path, number), content: encodePcapng(capture) };
    }
  }
}

/** `a.pcapng` and 2 give `a-2.pcapng`. */
function numbered(path: string, number: number): string {
  const [, stem = path, ending = ''] = /^(.*?[^/\\])(\.[^./\\]*)?$/.exec(path) ?? [];
  return `${stem}-${number}${ending}`;
}
