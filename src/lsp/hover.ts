import { type Hover, MarkupKind, type Position, type Range } from 'vscode-languageserver';
import { type WordAt, wordAt } from '../script';
import { formatTimeUs } from '../session/values';
import type { Analysis } from './analysis';
import { toRange } from './positions';
import { requirementAt, requirementMarkdown } from './requirementHover';
import { scenarioAt } from './scenarioHosts';
import { whyMarkdown } from './whyHover';
import { wordMarkdown } from './wordDocs';

/**
 * The word at a place explained: what it means and where the RFC says so; a host with its address and its state there; on a
 * `send` or `expect`, why it came out as it did. In a comment, the requirement of RFC 9293 that it names.
 */
export function hover(analysis: Analysis, { line, character }: Position): Hover | null {
  const { parsed } = analysis.compiled;
  const named = requirementAt(parsed, line + 1, character + 1);
  if (named !== null) return markdown(requirementMarkdown(named.id), toRange(named.span, parsed.lines));
  const word = wordAt(parsed, line + 1, character + 1);
  if (word === null) return null;
  const value = word.kind === 'host' ? hostText(analysis, word) : entriesText(word);
  const why = whyMarkdown(analysis, line + 1, word.word);
  const parts = [value, why].filter((part) => part !== null);
  return parts.length === 0 ? null : markdown(parts.join('\n\n---\n\n'), toRange(word.span, parsed.lines));
}

function markdown(value: string, range: Range): Hover {
  return { contents: { kind: MarkupKind.Markdown, value }, range };
}

/** Each flag of `SYN-ACK`; for `client.SND.NXT` the variable, with its host. */
function entriesText({ entries, host }: WordAt): string | null {
  if (entries.length === 0) return null;
  const owner = host === null ? '' : ` of \`${host}\``;
  return entries.map((entry) => `**${entry.word}**${owner}\n\n${wordMarkdown(entry)}`).join('\n\n---\n\n');
}

function hostText(analysis: Analysis, { word, span }: WordAt): string | null {
  const host = scenarioAt(analysis.compiled.program, span.line)?.hosts.find(({ name }) => name === word);
  if (host === undefined) return null;
  const address = host.address.includes(':') ? `[${host.address}]:${host.port}` : `${host.address}:${host.port}`;
  return [`Host \`${word}\` at ${address}`, ...stateText(analysis, word, span.line)].join('\n\n');
}

/** The state after the line, or after the last line before it in the same scenario that ran. */
function stateText({ compiled, run }: Analysis, host: string, line: number): string[] {
  const first = scenarioAt(compiled.program, line)?.span.line ?? 1;
  const summary = (run ?? [])
    .flatMap(({ summaries }) => summaries)
    .filter((one) => one.line <= line && one.line >= first)
    .at(-1);
  const own = summary?.states.filter((one) => one.host === host) ?? [];
  if (summary === undefined || own.length === 0) return [];
  const told = own.map(({ name, state }) => (own.length === 1 ? `**${state}**` : `\`${name}\` **${state}**`));
  return [`After line ${summary.line}: ${told.join(', ')}, at ${formatTimeUs(summary.timeUs)}`];
}
