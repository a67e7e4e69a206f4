import type { InlayHint, Range } from 'vscode-languageserver';
import type { LineSummary } from '../session';
import { formatTimeUs } from '../session/values';
import type { Analysis } from './analysis';
import { toPosition } from './positions';

/** Keeps the hint off the text: editors make the padding small, and drop plain spaces. */
const GAP = '\u00a0\u00a0';

/** At the end of each line in `range` that ran: the states of all hosts and the time after it. Empty while the run is not over. */
export function inlayHints(analysis: Analysis, range: Range): InlayHint[] {
  const { lines } = analysis.compiled.parsed;
  const latest = new Map<number, LineSummary>();
  for (const { summaries } of analysis.run ?? []) {
    for (const summary of summaries) latest.set(summary.line, summary);
  }
  return [...latest.values()]
    .filter(({ line }) => line - 1 >= range.start.line && line - 1 <= range.end.line)
    .map((summary) => ({
      position: toPosition(summary.line, Number.MAX_SAFE_INTEGER, lines),
      label: `${GAP}${hintText(summary)}`,
      paddingLeft: true,
      tooltip: 'The state of each host, and the virtual time, after this line.',
    }));
}

/** `client SYN-SENT · server LISTEN · 10 ms`. */
export function hintText({ states, timeUs }: LineSummary): string {
  return [...states.map(({ name, state }) => `${name} ${state}`), formatTimeUs(timeUs)].join(' · ');
}
