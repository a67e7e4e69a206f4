import { type LineContext, nodeSpan, propertySpan, report } from './context';
import { didYouMean, listWords } from './diagnostics';
import { nearest } from './distance';
import type { Option, OptionValue } from './generated/ast';
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
  const [value, ...more] = option.values;
  if (value === undefined || more.length > 0) return wrongValue(line, option, entry);
  const read = readValue(line, option, entry, value);
  return read === undefined ? null : entry.change(read);
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
      };
      return quantity(line, value.quantity, wanted) ?? undefined;
    }
    if (kind.off && value.word === 'off') return null;
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
  if (standard === null || value.kind !== 'number') return standard === true ? '`on`' : '`off`';
  return `\`${amountText(Number(standard), value.unit)}\``;
}

/** What an option takes, in words. */
export function valueText(kind: OptionValueKind): string {
  if (kind.kind === 'switch') return '`on` or `off`';
  if (kind.kind === 'words') return listWords(kind.words);
  const numbers = kind.unit === 'count' ? 'a whole number' : `a value such as ${UNIT_EXAMPLES[kind.unit]}`;
  const words = [...(kind.on === null ? [] : ['`on`']), ...(kind.off ? ['`off`'] : [])];
  return words.length === 0 ? numbers : `${[numbers, ...words.slice(0, -1)].join(', ')} or ${words.at(-1)}`;
}
