import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A rule of a TextMate grammar, as far as this one uses them. */
interface Rule {
  readonly name?: string;
  readonly include?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
  readonly patterns?: readonly Rule[];
}

/** The TextMate grammar of the language, as it is shipped. */
export const grammarFile = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../../syntaxes/tcpscript.tmLanguage.json'), 'utf8'),
) as {
  readonly scopeName: string;
  readonly patterns: readonly Rule[];
  readonly repository: Readonly<Record<string, Rule>>;
};

/** A stretch of a line and its scope; the innermost one counts. */
export interface Scoped {
  readonly start: number;
  readonly end: number;
  readonly scope: string;
}

function resolve(rule: Rule): Rule {
  if (rule.include === undefined) return rule;
  const found = grammarFile.repository[rule.include.slice(1)];
  if (found === undefined) throw new Error(`The grammar has no ${rule.include}.`);
  return found;
}

/** Colours one line: at each place the earliest match counts, and of several the first in the list, as TextMate does. */
export function colour(line: string): Scoped[] {
  const rules = grammarFile.patterns.map(resolve);
  const found: Scoped[] = [];
  for (let at = 0; at <= line.length; ) {
    const next = earliest(rules, line, at);
    if (next === null) break;
    const { rule, match } = next;
    const end =
      rule.begin === undefined ? match.index + match[0].length : endOf(rule, line, match.index + match[0].length);
    found.push(...scopes(rule, match, end));
    at = Math.max(end, match.index + 1);
  }
  return found;
}

function earliest(
  rules: readonly Rule[],
  line: string,
  at: number,
): { readonly rule: Rule; readonly match: RegExpExecArray } | null {
  let best: { rule: Rule; match: RegExpExecArray } | null = null;
  for (const rule of rules) {
    const pattern = new RegExp(rule.match ?? rule.begin ?? '', 'gud');
    pattern.lastIndex = at;
    const match = pattern.exec(line);
    if (match !== null && match[0] !== '' && (best === null || match.index < best.match.index)) best = { rule, match };
  }
  return best;
}

/** Where a region ends: behind the first end that no inner rule (an escape) has eaten. */
function endOf(rule: Rule, line: string, from: number): number {
  for (let at = from; at < line.length; ) {
    const end = new RegExp(rule.end ?? '$', 'gu');
    end.lastIndex = at;
    const stop = end.exec(line)?.index ?? line.length;
    const inner = earliest((rule.patterns ?? []).map(resolve), line, at);
    if (inner === null || inner.match.index >= stop)
      return Math.min(line.length, stop + (end.lastIndex > stop ? 1 : 0));
    at = inner.match.index + inner.match[0].length;
  }
  return line.length;
}

function scopes(rule: Rule, match: RegExpExecArray, end: number): Scoped[] {
  if (rule.captures === undefined) return [{ start: match.index, end, scope: rule.name ?? '' }];
  return Object.entries(rule.captures).flatMap(([group, { name }]) => {
    const range = match.indices?.[Number(group)];
    return range === undefined ? [] : [{ start: range[0], end: range[1], scope: name }];
  });
}

/** The scope of the first place at which `word` stands in a line, up to the language's name at its end. */
export function scopeOf(line: string, word: string, from = 0): string | null {
  const at = line.indexOf(word, from);
  const found = colour(line)
    .reverse()
    .find(({ start, end }) => start <= at && at < end);
  return found?.scope.replace(/\.tcpscript$/, '') ?? null;
}
