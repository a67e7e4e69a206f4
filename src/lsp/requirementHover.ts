import { type RequirementId, readRequirementId } from '../engine/requirements';
import type { ParsedScript } from '../script/parse';
import type { Span } from '../script/program';
import { type RequirementText, requirementText } from '../session/requirementTexts';
import { referenceLink } from './rfcReference';

/** A requirement's id in a comment, and its place. */
export interface RequirementAt {
  readonly id: RequirementId;
  readonly span: Span;
}

const ID = /\b(?:MUST|SHLD|SHOULD|MAY|REC)-\d+\b/g;

/** The requirement of RFC 9293 that a comment names at a place (touching it counts); null where there is none. Lines and columns are 1-based. */
export function requirementAt(parsed: ParsedScript, line: number, column: number): RequirementAt | null {
  const comment = parsed.comments.find((one) => one.line === line);
  if (comment === undefined) return null;
  for (const match of comment.text.matchAll(ID)) {
    const from = comment.column + match.index;
    const to = from + match[0].length;
    const id = readRequirementId(match[0]);
    if (id !== null && column >= from && column <= to) {
      return { id, span: { line, column: from, endLine: line, endColumn: to } };
    }
  }
  return null;
}

/** A requirement explained in Markdown: what it asks, where the RFC says so, and which script shows it. */
export function requirementMarkdown(id: RequirementId): string {
  const { level, text, absent, reference, scripts }: RequirementText = requirementText(id);
  const parts = [`**${id}** (${level})`, text];
  if (absent !== null) parts.push(absent);
  parts.push(referenceLink(reference));
  if (scripts.length > 0) parts.push(`Shown by ${scripts.map((name) => `\`test/rfc/${name}\``).join(', ')}`);
  return parts.join('\n\n');
}
