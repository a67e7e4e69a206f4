import type { Analysis, Explanation } from './analysis';

/** The words of a line whose hover says why the line came out as it did. */
const ASKED: ReadonlySet<string> = new Set(['send', 'expect', 'wait', 'until']);

/** Why a `send`, an `expect` or a `wait until` came out as it did, in Markdown; null for other lines and words, and before a run. */
export function whyMarkdown(analysis: Analysis, line: number, word: string): string | null {
  const found = (analysis.run ?? [])
    .flatMap(({ explanations }) => explanations)
    .find((explanation) => explanation.line === line);
  // A line that failed says so wherever one points at it.
  if (found === undefined || (found.ok && !ASKED.has(word.toLowerCase()))) return null;
  return explained(found);
}

function explained({ because, waiting }: Explanation): string | null {
  const parts = [
    ...(because.length === 0 ? [] : [['**Why**', ...because.map((link) => `- ${escaped(link)}`)].join('\n')]),
    ...(waiting.length === 0
      ? []
      : [['**Why nothing else is sent**', ...waiting.map((reason) => `- ${escaped(reason)}`)].join('\n')]),
  ];
  return parts.length === 0 ? null : parts.join('\n\n');
}

/** Sentences hold names and text of the script, which must not become formatting. */
function escaped(text: string): string {
  return text.replace(/[\\*_[\]<>|#]/g, '\\$&');
}
