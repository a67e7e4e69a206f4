import type { VocabularyEntry } from '../script/vocabulary';
import { referenceLink } from './rfcReference';

/** A word explained in Markdown: what it means, how it is written, and the RFC section. */
export function wordMarkdown({ doc, forms, section }: VocabularyEntry): string {
  const parts = [doc, ['```tcpscript', ...forms, '```'].join('\n')];
  if (section !== null) parts.push(referenceLink(section));
  return parts.filter((part) => part !== '').join('\n\n');
}
