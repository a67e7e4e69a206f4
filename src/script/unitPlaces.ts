import type { Expected } from './expectations';
import { HOST_OPTIONS, LINK_OPTIONS } from './options';
import type { Token } from './parser';
import type { Unit } from './program';

/** What a number counts in each rule of the grammar that has one. */
const UNIT_OF_RULE: Readonly<Record<string, Unit>> = {
  Wait: 'us',
  At: 'us',
  ByTail: 'us',
  LinkStatement: 'us',
  Quiet: 'us',
  Expect: 'us',
  Send: 'us',
  Write: 'bytes',
  Read: 'bytes',
  LengthPart: 'bytes',
  ReceivedTest: 'bytes',
};

/** What the number before a place may count, where a unit may come next: by the option that it belongs to, or by the rules around it. */
export function unitsExpected(expected: readonly Expected[], tokens: readonly Token[]): readonly Unit[] {
  const units = new Set<Unit>();
  for (const { token, rules } of expected) {
    if (token !== 'WORD' || rules[0] !== 'UnitName') continue;
    if (rules.includes('OptionValue')) addOptionUnit(tokens, units);
    else if (rules.includes('Comparison')) units.add('us').add('bytes');
    else {
      const unit = rules.map((rule) => UNIT_OF_RULE[rule]).find((found) => found !== undefined);
      if (unit !== undefined) units.add(unit);
    }
  }
  return [...units];
}

function addOptionUnit(tokens: readonly Token[], units: Set<Unit>): void {
  const option = tokens.at(-2)?.image ?? '';
  for (const value of [HOST_OPTIONS.get(option)?.value, LINK_OPTIONS.get(option)?.value]) {
    if (value?.kind === 'number') units.add(value.unit);
  }
}
