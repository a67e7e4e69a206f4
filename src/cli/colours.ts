import { styleText } from 'node:util';
import type { Ink } from './canvas';
import type { Io } from './io';

const STYLES: Readonly<Record<Exclude<Ink, 'plain'>, Parameters<typeof styleText>[0]>> = {
  dim: 'dim',
  strong: 'bold',
  good: 'green',
  bad: 'red',
  arrow: 'cyan',
};

/** Whether colours may be used: on a terminal, unless NO_COLOR is set to anything (no-color.org) or the terminal is dumb. */
export function wantsColour({ outIsTerminal, env }: Pick<Io, 'outIsTerminal' | 'env'>): boolean {
  return outIsTerminal && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}

/** Colours a text, or leaves it alone. */
export function painter(colour: boolean): (text: string, ink: Ink) => string {
  if (!colour) return (text) => text;
  return (text, ink) => (ink === 'plain' ? text : styleText(STYLES[ink], text, { validateStream: false }));
}

/** Whether the terminal's character set is known to lack box drawing: a locale that names another one than UTF-8. */
export function needsAscii(env: Io['env']): boolean {
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => value !== undefined && value !== '');
  return locale !== undefined && !/utf-?8/i.test(locale);
}
