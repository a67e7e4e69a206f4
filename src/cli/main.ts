import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { EXIT, type Io, main } from './index';
import { writeErrorText } from './readScript';

/** Reads a stream to its end or until it has given `maxBytes`: a device such as /dev/zero has no end. */
async function readStream(stream: Readable, maxBytes: number): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let lengthBytes = 0;
  for await (const part of stream) {
    const bytes = Buffer.from(part);
    parts.push(bytes);
    lengthBytes += bytes.length;
    if (lengthBytes >= maxBytes) break;
  }
  return Buffer.concat(parts).subarray(0, maxBytes);
}

/** Waits until a piece is written before the next is made; when it can not be written, the stream's `error` event ends the process. */
async function writePieces(pieces: Iterable<string>): Promise<void> {
  for (const piece of pieces) {
    await new Promise<void>((resolve) => {
      process.stdout.write(piece, (error) => {
        if (!error) resolve();
      });
    });
  }
}

const io: Io = {
  out: (text) => process.stdout.write(text),
  outPieces: writePieces,
  err: (text) => process.stderr.write(text),
  readStdin: (maxBytes) => readStream(process.stdin, maxBytes),
  readFile: (path, maxBytes) => readStream(createReadStream(path), maxBytes),
  writeFile: (path, content) => writeFile(path, content),
  nowMs: () => performance.now(),
  outIsTerminal: process.stdout.isTTY === true,
  errIsTerminal: process.stderr.isTTY === true,
  env: process.env,
};

/** A reader that has seen enough (`tcpscript run … | head`) closes the pipe; that is not an error of this program. */
function endOnWriteError(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(EXIT.passed);
  process.stderr.write(`tcpscript: standard output can not be written: ${writeErrorText(error)}\n`, () =>
    process.exit(EXIT.usage),
  );
}

process.stdout.on('error', endOnWriteError);
process.stderr.on('error', () => process.exit(EXIT.usage));

// The code is set, not exited with: what is still in the pipe is written first.
main(process.argv.slice(2), io).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(
      `tcpscript: internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exitCode = EXIT.usage;
  },
);
