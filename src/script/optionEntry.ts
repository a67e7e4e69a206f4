import { type HostConfig, USUAL_KEEP_ALIVE_US } from '../engine/config';
import type { ProfileName } from '../engine/profiles';
import type { Unit } from './program';

/** How the value of an option is written. Bounds are in the unit's base: microseconds, bytes, bits per second, ratio. */
export type OptionValueKind =
  | {
      readonly kind: 'number';
      readonly unit: Unit;
      readonly least: number;
      readonly most: number;
      /** The word that stands for no number: `off`, or what the host does by itself then; null where a number has to stand. */
      readonly none: string | null;
      /** What `on` stands for, in the unit's base; null where `on` may not stand. */
      readonly on: number | null;
    }
  | { readonly kind: 'switch' }
  | { readonly kind: 'words'; readonly words: readonly string[] };

/** What an option's value comes to. */
export type OptionInput = number | boolean | string | null;

/** One option of `host { }`, `link { }` or `H set`: what it takes, what it changes, and what it means. */
export interface OptionEntry<Change> {
  readonly name: string;
  readonly value: OptionValueKind;
  /** The change that a value makes: a number in base units (null for none), true and false for `on` and `off`, or a word. */
  readonly change: (value: OptionInput) => Change;
  /** For an option that may be written as several words with a value each (`keepalive idle 1s count 3`): the option that each word stands for. */
  readonly parts?: ReadonlyMap<string, OptionEntry<Change>>;
  /** Two changes as one, where there are `parts`. */
  readonly join?: (first: Change, second: Change) => Change;
  /** What to write in place of a number that is too large, where another option takes it. */
  readonly beyond?: (text: string) => string;
  readonly doc: string;
  /** Such as `RFC 9293 3.7.1`; null for what no RFC says. */
  readonly section: string | null;
  readonly example: string;
  /**
   * What holds where the option is not written: a value in the form that `change` takes, or Markdown; absent where the
   * option changes a living connection, which goes on as it is.
   */
  readonly standard?: OptionInput;
}

/** What an option of `host { }` changes: fields of the host, or the set of defaults below them. */
export type HostChange = Partial<HostConfig> & { readonly profile?: ProfileName };

/** One second in microseconds. */
export const SECOND = 1e6;
/** One hour in microseconds. */
export const HOUR = 3600 * SECOND;
/** The longest that an ACK may be delayed: under 0.5 seconds (RFC 9293 section 3.8.6.3, MUST-40). */
export const MAX_ACK_DELAY_US = 499_999;

/** A number of a unit, within bounds; `off` when that may stand for none, `on` for the number that `on` stands for. */
export function number(
  unit: Unit,
  least: number,
  most: number,
  off = false,
  on: number | null = null,
): OptionValueKind & { readonly kind: 'number' } {
  return { kind: 'number', unit, least, most, none: off ? 'off' : null, on };
}

/** `on` or `off`. */
export const SWITCH: OptionValueKind = { kind: 'switch' };

/** The idle time before a keep-alive. */
export const KEEP_ALIVE = number('us', 1_000, 24 * HOUR, true, USUAL_KEEP_ALIVE_US);

/** One of some words. */
export function words(...choices: readonly string[]): OptionValueKind {
  return { kind: 'words', words: choices };
}

/** Sets one field of the host; what the value kind allows is what the field takes. */
export function host(change: (value: number) => HostChange): OptionEntry<HostChange>['change'] {
  return (value) => change(Number(value));
}

/** Sets one field of the host that the word for no number makes null. */
export function hostOrNone(change: (value: number | null) => HostChange): OptionEntry<HostChange>['change'] {
  return (value) => change(value === null ? null : Number(value));
}

/** Switches one field of the host on or off. */
export function hostSwitch(change: (on: boolean) => HostChange): OptionEntry<HostChange>['change'] {
  return (value) => change(value === true);
}

/** A table of options by name. */
export function table<Change>(entries: readonly OptionEntry<Change>[]): ReadonlyMap<string, OptionEntry<Change>> {
  return new Map(entries.map((entry) => [entry.name, entry]));
}
