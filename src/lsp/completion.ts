import { type CompletionItem, CompletionItemKind, MarkupKind, type Position } from 'vscode-languageserver';
import { actorText, parseActor } from '../engine/actor';
import { STATES } from '../engine/states';
import {
  type CompletionContext,
  type CompletionWant,
  contextAt,
  FLAG_WORDS,
  lookUp,
  VOCABULARY,
  type VocabularyEntry,
  type WordCategory,
} from '../script';
import { HOST_OPTIONS, LINK_OPTIONS, type OptionEntry, SET_OPTIONS } from '../script/options';
import type { Unit } from '../script/program';
import { MSL_UNIT } from '../script/units';
import type { Analysis } from './analysis';
import { toRange } from './positions';
import { hostNamesAt } from './scenarioHosts';
import { wordMarkdown } from './wordDocs';

/** Something that may be typed, before it is made an item. */
interface Choice {
  readonly word: string;
  readonly kind: CompletionItemKind;
  readonly meaning: VocabularyEntry | null;
  readonly detail?: string;
}

/** What may be typed at a place, best first. Empty where nothing is known to fit. */
export function completions(analysis: Analysis, { line, character }: Position): CompletionItem[] {
  const { parsed } = analysis.compiled;
  const context = contextAt(parsed, line + 1, character + 1);
  const names = context.wants.flatMap((want) => CHOICES[want]?.(context, analysis) ?? []);
  const choices = [...names, ...context.keywords.map(keywordChoice)];
  const distinct = new Map(choices.map((choice) => [choice.word, choice]));
  const range = toRange(context.prefixSpan, parsed.lines);
  return [...distinct.values()].map(({ word, kind, detail, meaning }, index) => ({
    label: word,
    kind,
    sortText: String(index).padStart(4, '0'),
    filterText: word,
    textEdit: { range, newText: word },
    ...(detail === undefined ? {} : { detail }),
    ...(meaning === null ? {} : { documentation: { kind: MarkupKind.Markdown, value: wordMarkdown(meaning) } }),
  }));
}

const KINDS: Readonly<Record<WordCategory, CompletionItemKind>> = {
  statement: CompletionItemKind.Keyword,
  verb: CompletionItemKind.Method,
  preposition: CompletionItemKind.Keyword,
  condition: CompletionItemKind.Operator,
  fault: CompletionItemKind.Event,
  state: CompletionItemKind.EnumMember,
  flag: CompletionItemKind.Constant,
  field: CompletionItemKind.Field,
  'segment-option': CompletionItemKind.Property,
  'segment-class': CompletionItemKind.Class,
  'host-option': CompletionItemKind.Property,
  'link-option': CompletionItemKind.Property,
  'set-option': CompletionItemKind.Property,
  variable: CompletionItemKind.Variable,
  error: CompletionItemKind.EnumMember,
  'icmp-kind': CompletionItemKind.EnumMember,
  unit: CompletionItemKind.Unit,
  value: CompletionItemKind.Value,
};

/** Words that are spelled like options or values but are keywords where the grammar names them. */
const KEYWORD_CATEGORIES: readonly WordCategory[] = [
  'statement',
  'fault',
  'verb',
  'condition',
  'field',
  'segment-class',
  'preposition',
];

function keywordChoice(word: string): Choice {
  const meaning = lookUp(word, ...KEYWORD_CATEGORIES)[0] ?? lookUp(word)[0] ?? null;
  return { word, kind: KINDS[meaning?.category ?? 'statement'], meaning };
}

function choiceOf(category: WordCategory): (word: string) => Choice {
  return (word) => ({ word, kind: KINDS[category], meaning: lookUp(word, category)[0] ?? null });
}

function allOf(category: WordCategory): () => Choice[] {
  return () => VOCABULARY.filter((entry) => entry.category === category).map(({ word }) => choiceOf(category)(word));
}

type Choices = (context: CompletionContext, analysis: Analysis) => Choice[];

/** What is offered for each kind of name; addresses, numbers, texts and new names are the writer's own. */
const CHOICES: Partial<Readonly<Record<CompletionWant, Choices>>> = {
  host: hostChoices,
  actor: peerChoices,
  'host-variable': hostChoices,
  state: () => STATES.map(choiceOf('state')),
  flags: () => FLAG_WORDS.map(flagsChoice),
  variable: ({ prefix }) => {
    const host = prefix.slice(0, prefix.indexOf('.'));
    return allOf('variable')().map((choice) => ({ ...choice, word: `${host}.${choice.word}` }));
  },
  'host-option': () => optionChoices(HOST_OPTIONS, 'host-option'),
  'link-option': () => optionChoices(LINK_OPTIONS, 'link-option'),
  'set-option': () => optionChoices(SET_OPTIONS, 'set-option'),
  'option-value': ({ option }) => valuesOf(option).map(choiceOf('value')),
  unit: ({ units }) => units.flatMap((unit) => USUAL_UNITS[unit] ?? []).map(choiceOf('unit')),
  'segment-option': allOf('segment-option'),
  error: allOf('error'),
  'icmp-kind': allOf('icmp-kind'),
};

function hostChoices({ prefixSpan }: CompletionContext, { compiled }: Analysis): Choice[] {
  return hostNamesAt(compiled.program, prefixSpan.line).map((word) => ({
    word,
    kind: CompletionItemKind.Reference,
    meaning: null,
    detail: 'host',
  }));
}

/** Behind `server:` the other hosts, as its connections. */
function peerChoices(context: CompletionContext, analysis: Analysis): Choice[] {
  const { host } = parseActor(context.prefix);
  return hostChoices(context, analysis)
    .filter(({ word }) => word !== host)
    .map((choice) => ({
      ...choice,
      word: actorText(host, choice.word),
      detail: `the connection of ${host} with ${choice.word}`,
    }));
}

/** `SYN-ACK` is explained by its first flag. */
function flagsChoice(word: string): Choice {
  return { word, kind: KINDS.flag, meaning: lookUp(word.split('-')[0] ?? word, 'flag')[0] ?? null };
}

function optionChoices<Change>(table: ReadonlyMap<string, OptionEntry<Change>>, category: WordCategory): Choice[] {
  return [...table.values()].map(({ name, example }) => ({ ...choiceOf(category)(name), detail: example }));
}

/** Words that an option takes; `read` without an option is the call, which takes the same two. */
function valuesOf(option: string | null): readonly string[] {
  const name = option ?? '';
  const value = (HOST_OPTIONS.get(name) ?? LINK_OPTIONS.get(name) ?? SET_OPTIONS.get(name))?.value;
  if (value === undefined) return [];
  if (value.kind === 'words') return value.words;
  if (value.kind === 'switch') return ['on', 'off'];
  return [...(value.on === null ? [] : ['on']), ...(value.none === null ? [] : [value.none])];
}

/** The usual ways to write each unit, best first. */
const USUAL_UNITS: Partial<Readonly<Record<Unit, readonly string[]>>> = {
  us: ['ms', 's', 'us', 'min', 'h', MSL_UNIT],
  bytes: ['bytes', 'KiB', 'MiB', 'kB', 'MB'],
  bps: ['Mbps', 'kbps', 'Gbps', 'bps'],
  ratio: ['%'],
  count: ['segments'],
};
