import type { Io } from './io';

const EVERY_MS = 250;
const ERASE_LINE = '\r\u001b[K';

/** Shows a line that says how far long work has come, on a terminal only and not before it has taken a moment; erased at the end. */
export function withProgress(io: Io, work: (progress: (text: string) => void) => void): void {
  let shownMs = io.nowMs();
  let shown = false;
  const progress = (text: string): void => {
    const nowMs = io.nowMs();
    if (!io.errIsTerminal || nowMs - shownMs < EVERY_MS) return;
    shownMs = nowMs;
    shown = true;
    io.err(`${ERASE_LINE}${text}`);
  };
  try {
    work(progress);
  } finally {
    if (shown) io.err(ERASE_LINE);
  }
}
