import { DEFAULT_HOST, DEFAULT_LINK, type LinkConfig } from '../engine/config';
import { type LineContext, propertySpan, report, type ScenarioContext } from './context';
import type { Diagnostic } from './diagnosticTypes';
import { USUAL_HOSTS } from './hostNames';
import { compileHosts } from './hosts';
import { lineSpan, pieceSpan } from './layout';
import { DEFAULT_SEED, type ProfileName } from './options';
import { linkChange } from './optionValues';
import { byPlace, type Entry, type ParsedScript, parseScript } from './parse';
import type { Program, ScenarioProgram, Span } from './program';
import { textOf } from './segments';
import { compileEntries, directions } from './statements';
import { statementWords } from './syntaxProblem';
import { NOT_YET } from './words';

/** What a caller may decide in the script's place. */
export interface CompileOptions {
  /** The seed of chance; a script's own `seed` is overridden. */
  readonly seed?: number;
  /** The set of defaults of every host that names none; `rfc` when absent. */
  readonly profile?: ProfileName;
}

/** A script, understood as far as it can be. */
export interface CompiledScript {
  readonly program: Program;
  /** What is wrong with it, in the order of the lines. */
  readonly diagnostics: readonly Diagnostic[];
  readonly parsed: ParsedScript;
}

/** The lines of one scenario, from its `scenario` line to the next. */
interface Section {
  readonly head: Entry | null;
  readonly entries: readonly Entry[];
  readonly firstLine: number;
  /** The first line that does not belong to it. */
  readonly endLine: number;
}

/** Turns a text into the program that it is, and says what is wrong with it. Never throws, whatever the text. */
export function compileScript(text: string, options: CompileOptions = {}): CompiledScript {
  const parsed = parseScript(text);
  const diagnostics = [...parsed.diagnostics];
  const { shared, sections } = divide(parsed);
  const titles = new Map<string, number>();
  const scenarios = sections.map((section) => compileSection(section, shared, parsed, diagnostics, titles, options));
  return { program: { scenarios }, diagnostics: distinct(diagnostics).sort(byPlace), parsed };
}

/** Declarations before the first `scenario` line hold for every scenario, so they are compiled once for each: remarks on them come once. */
function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Map<string, Diagnostic>();
  for (const diagnostic of diagnostics) {
    const { id, span } = diagnostic;
    seen.set(`${id} ${span.line} ${span.column} ${span.endColumn}`, diagnostic);
  }
  return [...seen.values()];
}

/** Divides a file at its `scenario` lines. What runs before the first of them is a scenario without a title. */
function divide(parsed: ParsedScript): { readonly shared: readonly Entry[]; readonly sections: readonly Section[] } {
  const { entries } = parsed;
  const heads = entries.flatMap((entry, index) => (isScenario(entry) ? [index] : []));
  const endOfFile = parsed.lines.length + 1;
  if (heads.length === 0) {
    const whole = { head: null, entries, firstLine: 1, endLine: endOfFile };
    return { shared: [], sections: [whole] };
  }
  const before = entries.slice(0, heads[0]);
  const shared = before.filter(isDeclaration);
  const titled = heads.map((start, at): Section => {
    const head = entries[start] ?? null;
    const next = heads[at + 1];
    const endLine = next === undefined ? endOfFile : (entries[next]?.piece.line ?? endOfFile);
    return { head, entries: entries.slice(start + 1, next), firstLine: head?.piece.line ?? 1, endLine };
  });
  if (shared.length === before.length) return { shared, sections: titled };
  const untitled = {
    head: null,
    entries: before.filter((entry) => !isDeclaration(entry)),
    firstLine: 1,
    endLine: titled[0]?.firstLine ?? 1,
  };
  return { shared, sections: [untitled, ...titled] };
}

function isScenario(entry: Entry): boolean {
  return entry.parse.ok ? entry.parse.node.$type === 'Scenario' : /^scenario(?![\w-])/.test(entry.piece.text);
}

/** `host` and `link` lines, also broken ones, say what the world is like. */
function isDeclaration(entry: Entry): boolean {
  if (!entry.parse.ok) return /^(host|link)(?![\w-])/.test(entry.piece.text) || entry.rule === 'Option';
  const { node } = entry.parse;
  return node.$type === 'HostDeclaration' || (node.$type === 'LinkStatement' && node.state === undefined);
}

/**
 * Whether a broken line may have been meant to declare a host: it begins with `host`, or like nothing at all, and not
 * even a suggestion could be made.
 */
function mayDeclareHost({ parse, piece }: Entry, { diagnostics }: ParsedScript): boolean {
  if (parse.ok) return false;
  const word = /^[a-z]+/.exec(piece.text)?.[0] ?? '';
  if (word === 'host') return true;
  if (statementWords().includes(word) || USUAL_HOSTS.includes(word) || NOT_YET.has(word)) return false;
  const problem = diagnostics.find(({ span }) => span.line === piece.line);
  return problem?.suggestions === undefined || problem.suggestions.includes('host');
}

function compileSection(
  section: Section,
  shared: readonly Entry[],
  parsed: ParsedScript,
  diagnostics: Diagnostic[],
  titles: Map<string, number>,
  options: CompileOptions,
): ScenarioProgram {
  const found: Diagnostic[] = [];
  const entries = [...shared, ...section.entries];
  const scenario: ScenarioContext = {
    diagnostics: found,
    hostNames: [],
    mayMissHost: entries.some((entry) => mayDeclareHost(entry, parsed)),
    mslUs: DEFAULT_HOST.mslUs,
    writtenBytes: new Map(),
  };
  const title = titleOf(scenario, section, titles);
  const { hosts, spans, origins } = compileHosts(scenario, entries, options.profile ?? 'rfc');
  scenario.hostNames = hosts.map((host) => host.name);
  scenario.mslUs = hosts[0]?.mslUs ?? DEFAULT_HOST.mslUs;
  const links = compileLinks(scenario, entries);
  const body = compileEntries(scenario, section.entries, false);
  const span: Span = section.head === null ? firstLineSpan(parsed) : pieceSpan(section.head.piece);
  const brokenLine = firstError([...found, ...parsed.diagnostics], section, shared);
  if (body.length === 0 && brokenLine === null)
    report({ scenario, piece: pieceAt(section, parsed) }, 'empty-scenario', span, []);
  for (const one of found) diagnostics.push(one);
  const seed = options.seed ?? links.seed;
  return { title, span, hosts, hostSpans: spans, hostOrigins: origins, ...links, seed, body, brokenLine };
}

function pieceAt(section: Section, parsed: ParsedScript) {
  return section.head?.piece ?? { text: parsed.lines[0] ?? '', line: 1, column: 1, unclosedString: null };
}

function firstLineSpan(parsed: ParsedScript): Span {
  return lineSpan(1, 1, (parsed.lines[0]?.length ?? 0) + 1);
}

/** The first line of the scenario, or of the declarations that it shares, with an error. */
function firstError(diagnostics: readonly Diagnostic[], section: Section, shared: readonly Entry[]): number | null {
  const ranges = shared.map((entry) => [entry.piece.line, lastLine(entry)] as const);
  const lines = diagnostics
    .filter(({ severity, span: { line } }) => severity === 'error' && belongs(line, section, ranges))
    .map(({ span }) => span.line);
  return lines.length === 0 ? null : lines.reduce((least, line) => Math.min(least, line));
}

function belongs(line: number, section: Section, shared: readonly (readonly [number, number])[]): boolean {
  return (
    (line >= section.firstLine && line < section.endLine) || shared.some(([from, to]) => line >= from && line <= to)
  );
}

function lastLine(entry: Entry): number {
  const { block, piece } = entry;
  return block?.close?.line ?? block?.entries.at(-1)?.piece.line ?? piece.line;
}

function titleOf(scenario: ScenarioContext, { head }: Section, titles: Map<string, number>): string {
  if (head === null || !head.parse.ok || head.parse.node.$type !== 'Scenario') return '';
  const line: LineContext = { scenario, piece: head.piece };
  const { node } = head.parse;
  const span = propertySpan(line, node, 'title');
  const title = textOf(line, node.title, span) ?? '';
  const before = titles.get(title);
  if (before === undefined) titles.set(title, head.piece.line);
  else report(line, 'duplicate-scenario', span, [title, String(before)]);
  return title;
}

/** Compiles the `link { }` lines: one without hosts changes the default, the others single directions on top of it. */
function compileLinks(
  scenario: ScenarioContext,
  entries: readonly Entry[],
): Pick<ScenarioProgram, 'defaultLink' | 'links' | 'seed'> {
  let defaultLink = DEFAULT_LINK;
  let seed = DEFAULT_SEED;
  const single = new Map<string, { from: string; to: string; change: Partial<LinkConfig> }>();
  for (const entry of entries) {
    if (!entry.parse.ok || entry.block === null) continue;
    const { node } = entry.parse;
    if (node.$type !== 'LinkStatement' || node.state !== undefined) continue;
    const change = linkOptions(scenario, entry);
    seed = change.seed ?? seed;
    for (const { from, to } of directions({ scenario, piece: entry.piece }, node.direction)) {
      if (from === null || to === null) {
        defaultLink = { ...defaultLink, ...change.link };
        continue;
      }
      const key = `${from} ${to}`;
      single.set(key, { from, to, change: { ...single.get(key)?.change, ...change.link } });
    }
  }
  const links = [...single.values()].map(({ from, to, change }) => ({
    from,
    to,
    config: { ...defaultLink, ...change },
  }));
  return { defaultLink, links, seed };
}

function linkOptions(
  scenario: ScenarioContext,
  entry: Entry,
): { readonly link: Partial<LinkConfig>; readonly seed: number | null } {
  let link: Partial<LinkConfig> = {};
  let seed: number | null = null;
  const said = new Set<string>();
  for (const { parse, piece } of entry.block?.entries ?? []) {
    if (!parse.ok || parse.node.$type !== 'Option') continue;
    const line: LineContext = { scenario, piece };
    const { name } = parse.node;
    if (said.has(name)) report(line, 'said-twice', propertySpan(line, parse.node, 'name'), [`\`${name}\``]);
    said.add(name);
    const change = linkChange(line, parse.node);
    if (change === null) continue;
    if ('seed' in change) seed = change.seed;
    else link = { ...link, ...change.link };
  }
  return { link, seed };
}
