import { type Io, main } from '../../src/cli';

/** What a command did. */
export interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** The files as they were left. */
  readonly files: Readonly<Record<string, string>>;
  /** The files that are no text, as they were left. */
  readonly bytes: Readonly<Record<string, Uint8Array>>;
  /** What was written to standard output that is no text. */
  readonly outBytes: readonly Uint8Array[];
}

/** What is different from a pipe without an environment. */
export interface Surroundings {
  readonly stdin?: string;
  readonly env?: Io['env'];
  readonly terminal?: boolean;
}

/** Runs a command in a world of a few files in memory. */
export async function cli(
  argv: readonly string[],
  given: Readonly<Record<string, string | Uint8Array | NodeJS.ErrnoException>> = {},
  { stdin = '', env = {}, terminal = false }: Surroundings = {},
): Promise<Result> {
  const files = new Map(Object.entries(given));
  let out = '';
  const outBytes: Uint8Array[] = [];
  let err = '';
  let nowMs = 0;
  const io: Io = {
    out: (content) => {
      if (typeof content === 'string') out += content;
      else outBytes.push(content);
    },
    outPieces: async (pieces) => {
      for (const piece of pieces) out += piece;
    },
    err: (text) => {
      err += text;
    },
    readStdin: async (maxBytes) => new TextEncoder().encode(stdin).subarray(0, maxBytes),
    readFile: async (path, maxBytes) => {
      const file = files.get(path) ?? systemError('ENOENT');
      if (file instanceof Error) throw file;
      return (typeof file === 'string' ? new TextEncoder().encode(file) : file).subarray(0, maxBytes);
    },
    writeFile: async (path, content) => {
      const file = files.get(path);
      if (file instanceof Error) throw file;
      files.set(path, typeof content === 'string' || content instanceof Uint8Array ? content : [...content].join(''));
    },
    nowMs: () => {
      nowMs += 20;
      return nowMs;
    },
    outIsTerminal: terminal,
    errIsTerminal: terminal,
    env,
  };
  const code = await main(argv, io);
  const texts = [...files].flatMap(([path, file]) => (typeof file === 'string' ? [[path, file] as const] : []));
  const bytes = [...files].flatMap(([path, file]) => (file instanceof Uint8Array ? [[path, file] as const] : []));
  return { code, out, err, files: Object.fromEntries(texts), bytes: Object.fromEntries(bytes), outBytes };
}

/** An error as Node's file functions give it. */
export function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: something`), { code });
}

/** Scripts that come out in each way. */
export const SCRIPTS = {
  handshake: 'server listen\nclient send SYN\nserver send SYN-ACK\nclient send ACK\n',
  failing: 'server listen\nclient send SYN\nserver send SYN-ACK\nexpect server is LISTEN\n',
  wrong: 'server listen\nclient sned SYN\n',
  two: 'scenario "One"\nserver listen\nclient send SYN\nscenario "Two"\nserver listen\nexpect server is CLOSED\n',
} as const;
