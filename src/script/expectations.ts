import { GrammarAST } from 'langium';
import { grammar, type LineRule, type Token } from './parser';

/** Something that may come next: a keyword or a terminal of the grammar, and the rules in which it stands, innermost first. */
export interface Expected {
  readonly token: string;
  readonly keyword: boolean;
  readonly rules: readonly string[];
}

/** What is left to match: an element, then the rest. `rule` names are kept for {@link Expected.rules}. */
interface Continuation {
  readonly element: GrammarAST.AbstractElement | null;
  readonly rules: Stack | null;
  readonly next: Continuation | null;
}

interface Stack {
  readonly name: string;
  readonly outer: Stack | null;
}

/** A place before a token that can be read next. */
interface Place {
  readonly expected: Expected;
  readonly next: Continuation | null;
}

interface Places {
  readonly list: Place[];
  /** True when the line may end here. */
  mayEnd: boolean;
}

/** Most places that are followed at once: bounds the work for lines such as `((((((`. */
const MAX_PLACES = 4_000;

let ruleTable: ReadonlyMap<string, GrammarAST.AbstractRule> | null = null;

function ruleNamed(name: string): GrammarAST.AbstractRule | undefined {
  ruleTable ??= new Map(grammar().rules.map((rule) => [rule.name, rule]));
  return ruleTable.get(name);
}

/** What may come after these tokens, in the order of the grammar; empty when the tokens themselves do not fit. */
export function expectedAfter(
  rule: LineRule,
  tokens: readonly Token[],
): { expected: readonly Expected[]; mayEnd: boolean } {
  const { places, read } = walk(rule, tokens);
  if (read < tokens.length) return { expected: [], mayEnd: false };
  return { expected: unsaid(distinct(places), tokens), mayEnd: places.mayEnd };
}

/** The first token that does not fit (the number of tokens when the line ends too soon), and what would have fitted. */
export function firstMisfit(
  rule: LineRule,
  tokens: readonly Token[],
): { index: number; expected: readonly Expected[]; mayEnd: boolean } {
  const { places, read } = walk(rule, tokens);
  return { index: read, expected: unsaid(distinct(places), tokens.slice(0, read)), mayEnd: places.mayEnd };
}

/** Reads as many tokens as fit: all ways to read them are followed side by side. */
function walk(rule: LineRule, tokens: readonly Token[]): { places: Places; read: number } {
  let places = startOf(rule);
  for (const [index, token] of tokens.entries()) {
    const after: Places = { list: [], mayEnd: false };
    let fits = false;
    for (const place of places.list) {
      if (place.expected.token !== token.type) continue;
      fits = true;
      close(place.next, after);
    }
    if (!fits) return { places, read: index };
    places = after;
  }
  return { places, read: tokens.length };
}

function startOf(rule: LineRule): Places {
  const places: Places = { list: [], mayEnd: false };
  const definition = ruleNamed(rule);
  if (definition !== undefined && GrammarAST.isParserRule(definition)) {
    close({ element: definition.definition, rules: { name: rule, outer: null }, next: null }, places);
  }
  return places;
}

/** Adds every token that can be read first from here. */
function close(at: Continuation | null, into: Places): void {
  if (into.list.length >= MAX_PLACES) return;
  if (at === null) {
    into.mayEnd = true;
    return;
  }
  const { element, rules, next } = at;
  if (element === null) {
    close(next, into);
    return;
  }
  const repeats = element.cardinality === '*' || element.cardinality === '+';
  const optional = element.cardinality === '?' || element.cardinality === '*';
  if (optional) close(next, into);
  const rest = repeats ? { element: withCardinality(element), rules, next } : next;
  inside(element, rules, rest, into);
}

const repeated = new WeakMap<GrammarAST.AbstractElement, GrammarAST.AbstractElement>();

/** The same element as what may follow one repetition of it: any number more. */
function withCardinality(element: GrammarAST.AbstractElement): GrammarAST.AbstractElement {
  if (element.cardinality === '*') return element;
  let more = repeated.get(element);
  if (more === undefined) {
    more = { ...element, cardinality: '*' };
    repeated.set(element, more);
  }
  return more;
}

function inside(
  element: GrammarAST.AbstractElement,
  rules: Stack | null,
  next: Continuation | null,
  into: Places,
): void {
  if (GrammarAST.isKeyword(element)) {
    into.list.push({ expected: { token: element.value, keyword: true, rules: names(rules) }, next });
  } else if (GrammarAST.isRuleCall(element)) {
    callRule(element.rule.ref, rules, next, into);
  } else if (GrammarAST.isAssignment(element)) {
    close({ element: element.terminal, rules, next }, into);
  } else if (GrammarAST.isAlternatives(element)) {
    for (const choice of element.elements) close({ element: choice, rules, next }, into);
  } else if (GrammarAST.isGroup(element)) {
    close(
      element.elements.reduceRight<Continuation | null>((rest, part) => ({ element: part, rules, next: rest }), next),
      into,
    );
  } else {
    close(next, into);
  }
}

function callRule(
  rule: GrammarAST.AbstractRule | undefined,
  rules: Stack | null,
  next: Continuation | null,
  into: Places,
): void {
  if (rule === undefined) throw new Error('The grammar calls a rule that it does not have.');
  if (GrammarAST.isTerminalRule(rule)) {
    into.list.push({ expected: { token: rule.name, keyword: false, rules: names(rules) }, next });
  } else if (GrammarAST.isParserRule(rule)) {
    close({ element: rule.definition, rules: { name: rule.name, outer: rules }, next }, into);
  }
}

function names(stack: Stack | null): readonly string[] {
  const list: string[] = [];
  for (let at = stack; at !== null; at = at.outer) list.push(at.name);
  return list;
}

/** Words that the grammar lets stand in any order behind a statement, but that a line says only once. */
const SAID_ONCE: ReadonlySet<string> = new Set(['spoof', 'to', 'from', 'by', 'CE', 'push', 'urgent']);

function unsaid(expected: readonly Expected[], tokens: readonly Token[]): readonly Expected[] {
  const said = new Set(tokens.map(({ type }) => type).filter((type) => SAID_ONCE.has(type)));
  return expected.filter(({ token }) => !said.has(token));
}

function distinct(places: Places): readonly Expected[] {
  const seen = new Map<string, Expected>();
  for (const { expected } of places.list) {
    const key = `${expected.token} ${expected.rules[0] ?? ''}`;
    if (!seen.has(key)) seen.set(key, expected);
  }
  return [...seen.values()];
}
