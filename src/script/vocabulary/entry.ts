/** What kind of word it is. */
export type WordCategory =
  | 'statement'
  | 'verb'
  | 'preposition'
  | 'condition'
  | 'fault'
  | 'state'
  | 'flag'
  | 'field'
  | 'segment-option'
  | 'segment-class'
  | 'host-option'
  | 'link-option'
  | 'set-option'
  | 'variable'
  | 'error'
  | 'icmp-kind'
  | 'unit'
  | 'value';

/** One word of the language: hover, completion, colours and the language reference are made from it. */
export interface VocabularyEntry {
  /** The word as the formatter writes it. */
  readonly word: string;
  readonly category: WordCategory;
  /** How it is written, each a whole statement or part of one; `H` is a host, capitals are to be filled in. */
  readonly forms: readonly string[];
  /** What it means, in plain sentences of Markdown. */
  readonly doc: string;
  /** The RFC section that explains it, such as `RFC 9293 3.3.2`; null for what no RFC says. */
  readonly section: string | null;
}

/** Makes entries of one category out of rows of word, forms, doc and section. */
export function entriesOf(
  category: WordCategory,
  rows: readonly (readonly [word: string, forms: readonly string[], doc: string, section: string | null])[],
): readonly VocabularyEntry[] {
  return rows.map(([word, forms, doc, section]) => ({ word, category, forms, doc, section }));
}
