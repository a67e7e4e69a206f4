import { encodePcapng } from '../engine/wire';
import { captureSession } from '../session';
import { CliError, type Io } from './io';
import type { FileRun } from './textReport';
import { VERSION } from './version';

/** Something that a command writes. */
export interface Output {
  /** A file; null for standard output. */
  readonly path: string | null;
  readonly content: string | Uint8Array;
}

/**
 * The captures of runs, one for each scenario: in one file two scenarios, whose hosts have the same addresses and begin at
 * the same time, would look like one connection. Several are numbered: `a.pcapng` becomes `a-1.pcapng`, `a-2.pcapng`.
 * Throws {@link CliError} where standard output can not take them.
 */
export function captures(runs: readonly FileRun[], path: string | null, io: Io): Output[] {
  if (path === null && io.outIsTerminal) {
    throw new CliError(
      "a capture is no text for a terminal; name a file with '--out', or pipe it: | wireshark -k -i -",
    );
  }
  const found = runs.flatMap(({ file, sessions }) => sessions.map((session) => ({ file, session })));
  if (path === null && found.length > 1) {
    throw new CliError(
      `there are ${found.length} scenarios, and standard output holds one capture; choose with '--scenario', or name a file with '--out'`,
    );
  }
  return found.map(({ file, session }, index) => {
    const { title } = session.scenario;
    const capture = captureSession(session, `TCPScript ${VERSION}`, title === '' ? file : `${file}: ${title}`);
    return {
      path: path === null || found.length === 1 ? path : numbered(path, index + 1),
      content: encodePcapng(capture),
    };
  });
}

/** `a.pcapng` and 2 give `a-2.pcapng`. */
function numbered(path: string, number: number): string {
  const [, stem = path, ending = ''] = /^(.*?[^/\\])(\.[^./\\]*)?$/.exec(path) ?? [];
  return `${stem}-${number}${ending}`;
}
