import { ConnectionError } from 'vscode-languageserver';

/** What Node says of a pipe whose reader is gone. */
const GONE: ReadonlySet<unknown> = new Set([
  'EPIPE',
  'ECONNRESET',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);

/** Sends something that nobody waits for. A client that is gone misses nothing; any other failure is the sender's. */
export async function tell(send: () => unknown): Promise<void> {
  try {
    await send();
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof ConnectionError || (error instanceof Error && 'code' in error && GONE.has(error.code));
}
