import { HOST_OPTIONS, LINK_OPTIONS, type OptionEntry, SET_OPTIONS } from '../options';
import { defaultText } from '../optionValues';
import { MSL_UNIT, UNITS } from '../units';
import { variableEntries } from '../variables';
import type { VocabularyEntry, WordCategory } from './entry';
import { ICMP_WORDS } from './icmp';
import { CONDITION_WORDS, FAULT_WORDS, PREPOSITION_WORDS, STATEMENT_WORDS, VERB_WORDS } from './statements';
import { ERROR_WORDS, FLAG_WORDS, SEGMENT_WORDS, STATE_WORDS, VALUE_WORDS } from './tcpWords';

export type { VocabularyEntry, WordCategory } from './entry';

/** Every word of the language. A word with several meanings has several entries, each of another category. */
export const VOCABULARY: readonly VocabularyEntry[] = [
  ...STATEMENT_WORDS,
  ...FAULT_WORDS,
  ...VERB_WORDS,
  ...PREPOSITION_WORDS,
  ...CONDITION_WORDS,
  ...STATE_WORDS,
  ...FLAG_WORDS,
  ...SEGMENT_WORDS,
  ...optionWords(HOST_OPTIONS.values(), 'host-option'),
  ...optionWords(LINK_OPTIONS.values(), 'link-option'),
  ...optionWords(SET_OPTIONS.values(), 'set-option'),
  ...variableEntries().map(variableWord),
  ...ERROR_WORDS,
  ...ICMP_WORDS,
  ...VALUE_WORDS,
  ...[...UNITS].map(([word, { doc }]) => unitWord(word, doc)),
  unitWord(MSL_UNIT, 'Maximum segment lifetimes of the first host: `wait 2msl` outlasts TIME-WAIT.'),
];

function optionWords<Change>(options: Iterable<OptionEntry<Change>>, category: WordCategory): VocabularyEntry[] {
  return [...options].map((option) => {
    const { name, example, doc, section } = option;
    const standard = defaultText(option);
    const meaning = standard === null ? doc : `${doc} Default: ${standard}.`;
    return { word: name, category, forms: [example], doc: meaning, section };
  });
}

function variableWord({ name, doc, section }: { name: string; doc: string; section: string | null }): VocabularyEntry {
  return { word: name, category: 'variable', forms: [`H.${name}`], doc, section };
}

function unitWord(word: string, doc: string): VocabularyEntry {
  return { word, category: 'unit', forms: [word === '%' ? '1%' : `10 ${word}`], doc, section: null };
}

/** The entries of a word, in any case and with `_` for `-`; those of the wanted categories only, when some are given. */
export function lookUp(word: string, ...categories: readonly WordCategory[]): readonly VocabularyEntry[] {
  const plain = plainWord(word);
  return (byWord.get(plain) ?? []).filter((entry) => categories.length === 0 || categories.includes(entry.category));
}

const byWord = new Map<string, VocabularyEntry[]>();
for (const entry of VOCABULARY) {
  const plain = plainWord(entry.word);
  byWord.set(plain, [...(byWord.get(plain) ?? []), entry]);
}

function plainWord(word: string): string {
  return word.toLowerCase().replace(/_/g, '-');
}
