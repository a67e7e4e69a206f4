import { CliError, type Io } from './io';

/** The largest script that is read: far more than anybody writes, and little enough to parse. */
export const MAX_SCRIPT_BYTES = 16 * 1024 * 1024;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EISDIR: 'it is a directory, not a script',
  ENOTDIR: 'a part of its path is not a directory',
  ELOOP: 'its symbolic links go in a circle',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'too many files are open',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
  EIO: 'the disk could not read it',
};

/** What is different when a file is to be written. */
const WRITE_REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  EISDIR: 'it is a directory',
};

/** Why a file could not be read, in plain words. Rethrows what is not a system error. */
export function fileErrorText(error: unknown): string {
  return reasonOf(error, REASONS);
}

/** Why a file could not be written, in plain words. Rethrows what is not a system error. */
export function writeErrorText(error: unknown): string {
  return reasonOf(error, { ...REASONS, ...WRITE_REASONS });
}

function reasonOf(error: unknown, reasons: typeof REASONS): string {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') throw error;
  return reasons[error.code] ?? error.message;
}

/** A script with the name by which messages call it. */
export interface ScriptFile {
  /** The path as the user gave it; `<stdin>` for standard input. */
  readonly name: string;
  readonly text: string;
}

/**
 * Reads a script; `-` is standard input.
 * Throws {@link CliError} when it can not be read or is too large.
 */
export async function readScript(path: string, io: Io): Promise<ScriptFile> {
  const name = path === '-' ? '<stdin>' : path;
  return { name, text: decode(name, await readBytes(path, name, io)) };
}

async function readBytes(path: string, name: string, io: Io): Promise<Uint8Array> {
  try {
    return path === '-' ? await io.readStdin(MAX_SCRIPT_BYTES + 1) : await io.readFile(path, MAX_SCRIPT_BYTES + 1);
  } catch (error) {
    throw new CliError(`${name}: can not be read: ${fileErrorText(error)}`);
  }
}

/** Octets that are no UTF-8 become U+FFFD, which the language tells of with line and column. */
function decode(name: string, bytes: Uint8Array): string {
  if (bytes.length > MAX_SCRIPT_BYTES) {
    throw new CliError(`${name}: it is larger than ${MAX_SCRIPT_BYTES / 1024 / 1024} MiB, which no script should be`);
  }
  return new TextDecoder('utf-8').decode(bytes);
}
