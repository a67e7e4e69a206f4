/** The debug adapter as a program: the Debug Adapter Protocol over standard input and output. */
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { TcpscriptDebugSession } from './adapter';

/** What the system's error codes mean, for people. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file.',
  EISDIR: 'it is a folder.',
  EACCES: 'you are not allowed to read it.',
};

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new Error(REASONS[code] ?? String(error), { cause: error });
  }
}

const session = new TcpscriptDebugSession({
  readText,
  nowMs: () => performance.now(),
  log: (message) => process.stderr.write(`${message}\n`),
});
process.on('SIGTERM', () => session.shutdown());
session.start(process.stdin, process.stdout);
