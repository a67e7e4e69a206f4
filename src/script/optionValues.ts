import { type LineContext, nodeSpan, propertySpan, report } from './context';
import { didYouMean, listWords } from './diagnostics';
import { nearest } from './distance';
import type { Option, OptionValue, Quantity } from './generated/ast';
import { amountText, quantity } from './numbers';
import {
  LINK_OPTIONS,
  type LinkChange,
  type OptionEntry,
  type OptionInput,
  type OptionValueKind,
  SET_OPTIONS,
  type SetChange,
} from './options';
import { UNIT_EXAMPLES } from './units';

/** The change that an option of `link { }` makes; null after a report. */
export function linkChange(line: LineContext, option: Option): LinkChange | null {
  return optionChange(line, option, LINK_OPTIONS, 'A link');
}

/** The change that `H set OPTION` makes; null after a report. */
export function setChange(line: LineContext, option: Option): SetChange | null {
  return optionChange(line, option, SET_OPTIONS, 'A living connection');
}

/** The change that an option of a table makes; null after a report when name or value are wrong. */
export function optionChange<Change>(
  line: LineContext,
  option: Option,
  table: ReadonlyMap<string, OptionEntry<Change>>,
  owner: string,
): Change | null {
  const entry = table.get(option.name);
  if (entry === undefined) {
    const near = nearest(option.name, table.keys());
    const hint = didYouMean(near, `There are ${listWords([...table.keys()], 20)}.`);
    report(
      line,
      'unknown-option',
      propertySpan(line, option, 'name'),
      [option.name, owner, hint],
      near === null ? [] : [near],
    );
    return null;
  }
  const { parts } = entry;
  if (parts?.has(option.values[0]?.word ?? '') === true) return partsChange(line, option, entry, parts);
  const [value, ...more] = option.values;
  if (value === undefined || more.length > 0) return wrongValue(line, option, entry);
  const read = readValue(line, option, entry, value);
  return read === undefined ? null : entry.change(read);
}

/** A word and its value, out of `idle 1s interval 1s count 3`. */
interface Part {
  readonly word: string;
  readonly value: OptionValue | undefined;
}

/** The change that an option of several words makes, each word once; null after a report. */
function partsChange<Change>(
  line: LineContext,
  option: Option,
  entry: OptionEntry<Change>,
  parts: ReadonlyMap<string, OptionEntry<Change>>,
): Change | null {
  const said = new Set<string>();
  let whole: Change | null = null;
  for (const { word, value } of partsOf(option.values, parts)) {
    const part = parts.get(word);
    if (part === undefined || value === undefined) return wrongValue(line, option, entry);
    if (said.has(word)) {
      report(line, 'said-twice', nodeSpan(line, option), [`\`${word}\``]);
      return null;
    }
    said.add(word);
    const read = readValue(line, option, part, value);
    if (read === undefined) return null;
    const change = part.change(read);
    whole = whole === null ? change : (entry.join?.(whole, change) ?? change);
  }
  return whole;
}

/** Pairs words with values. To the grammar the word behind `1s` is the unit of a number: here it is the next word. */
function partsOf(values: readonly OptionValue[], words: ReadonlyMap<string, unknown>): Part[] {
  const found: Part[] = [];
  let word: string | null = null;
  for (const value of values) {
    if (value.word !== undefined) {
      if (word !== null) found.push({ word, value: undefined });
      word = value.word;
      continue;
    }
    const unit = value.quantity?.unit;
    const isNext = unit !== undefined && words.has(unit);
    const { quantity } = value;
    const own = isNext && quantity !== undefined ? { ...value, quantity: withoutUnit(quantity) } : value;
    found.push({ word: word ?? '', value: own });
    word = isNext ? unit : null;
  }
  if (word !== null) found.push({ word, value: undefined });
  return found;
}

function withoutUnit({ unit: _next, ...quantity }: Quantity): Quantity {
  return quantity;
}

/** The value of an option; undefined after a report. */
function readValue<Change>(
  line: LineContext,
  option: Option,
  entry: OptionEntry<Change>,
  value: OptionValue,
): OptionInput | undefined {
  const kind = entry.value;
  if (kind.kind === 'number') {
    if (value.quantity !== undefined) {
      const wanted = {
        unit: kind.unit,
        least: kind.least,
        most: kind.most,
        what: `The option \`${option.name}\``,
        bare: kind.unit === 'bytes',
        ...(entry.beyond === undefined ? {} : { beyond: entry.beyond }),
      };
      return quantity(line, value.quantity, wanted) ?? undefined;
    }
    if (kind.none !== null && value.word === kind.none) return null;
    if (kind.on !== null && value.word === 'on') return kind.on;
  } else if (kind.kind === 'switch') {
    if (value.word === 'on') return true;
    if (value.word === 'off') return false;
  } else if (value.word !== undefined && kind.words.includes(value.word)) return value.word;
  wrongValue(line, option, entry);
  return undefined;
}

function wrongValue<Change>(line: LineContext, option: Option, entry: OptionEntry<Change>): null {
  report(line, 'bad-option-value', nodeSpan(line, option), [
    option.name,
    `${valueText(entry.value)}, such as \`${entry.example}\``,
  ]);
  return null;
}

/** What holds where an option is not written, as Markdown: `` `1460 bytes` ``; null for an option that has no default. */
export function defaultText<Change>({ standard, value }: OptionEntry<Change>): string | null {
  if (standard === undefined || typeof standard === 'string') return standard ?? null;
  if (value.kind !== 'number') return standard === true ? '`on`' : '`off`';
  if (standard === null) return `\`${value.none ?? 'off'}\``;
  return `\`${amountText(Number(standard), value.unit)}\``;
}

/** What an option takes, in words. */
export function valueText(kind: OptionValueKind): string {
  if (kind.kind === 'switch') return '`on` or `off`';
  if (kind.kind === 'words') return listWords(kind.words);
  const numbers = kind.unit === 'count' ? 'a whole number' : `a value such as ${UNIT_EXAMPLES[kind.unit]}`;
  const words = [...(kind.on === null ? [] : ['`on`']), ...(kind.none === null ? [] : [`\`${kind.none}\``])];
  return words.length === 0 ? numbers : `${[numbers, ...words.slice(0, -1)].join(', ')} or ${words.at(-1)}`;
}
