import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileScript, formatScript, VOCABULARY, type VocabularyEntry } from '../../src/script';
import { MAX_HOSTS } from '../../src/script/hosts';
import { MAX_LINE_LENGTH, MAX_LINES } from '../../src/script/layout';
import { HOST_OPTIONS, LINK_OPTIONS, type OptionEntry } from '../../src/script/options';
import { defaultText } from '../../src/script/optionValues';
import { MAX_DEPTH, MAX_PARENTHESES, MAX_WORDS } from '../../src/script/parse';
import { analyze, Session } from '../../src/session';
import { becauseLine } from '../../src/session/because';
import { waitingLine } from '../../src/session/whyNot';

const file = path.join(import.meta.dirname, '../../docs/language.md');
const text = readFileSync(file, 'utf8');

/** The code blocks of the reference: their text, and the line on which each begins. */
const blocks = [...text.matchAll(/^```tcpscript( wrong)?\n([\s\S]*?)^```$/gm)].map((match) => ({
  wrong: match[1] !== undefined,
  code: match[2] ?? '',
  line: text.slice(0, match.index).split('\n').length,
}));

const cell = (words: string) => words.replace(/\|/g, '\\|');

/** Options with the column of what holds where they are not written, from the same table that the compiler reads. */
function optionTable<Change>(options: ReadonlyMap<string, OptionEntry<Change>>): string {
  const rows = [...options.values()].map((option) => {
    const standard = defaultText(option);
    if (standard === null) throw new Error(`${option.name} has no default.`);
    return `| \`${option.example}\` | ${cell(option.doc)} | ${standard} | ${option.section ?? ''} |`;
  });
  return ['| written | meaning | default | source |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

const OPTION_TABLES: ReadonlyMap<string, () => string> = new Map([
  ['host-option', () => optionTable(HOST_OPTIONS)],
  ['link-option', () => optionTable(LINK_OPTIONS)],
]);

/** A table of words for the reference: units and variables in short, the rest with their forms. */
function table(entries: readonly VocabularyEntry[]): string {
  const rows = entries.map(({ word, category, forms, doc, section }) => {
    const written = category === 'variable' || category === 'state' || category === 'unit' ? [word] : forms;
    return `| ${written.map((form) => `\`${cell(form)}\``).join('<br>')} | ${cell(doc)} | ${section ?? ''} |`;
  });
  return ['| written | meaning | source |', '| --- | --- | --- |', ...rows].join('\n');
}

/** The words that a mark of the reference names: whole categories, or single words of statements. */
function wordsOf(names: string): VocabularyEntry[] {
  return names.split(' ').flatMap((name) => {
    const category = VOCABULARY.filter((entry) => entry.category === name);
    const found =
      category.length > 0
        ? category
        : VOCABULARY.filter(
            ({ word, category: kind }) => word === name && ['statement', 'verb', 'fault'].includes(kind),
          );
    if (found.length === 0) throw new Error(`The reference names ${name}, which is no word.`);
    return found;
  });
}

const withTables = text.replace(
  /<!-- words: ([^>]*) -->\n[\s\S]*?<!-- end -->/g,
  (_, names: string) =>
    `<!-- words: ${names} -->\n\n${OPTION_TABLES.get(names)?.() ?? table(wordsOf(names))}\n\n<!-- end -->`,
);
if (process.env.UPDATE_REFERENCE === '1') writeFileSync(file, withTables);

describe('the language reference', () => {
  it.each(blocks.filter(({ wrong }) => !wrong).map(({ line, code }) => [line, code]))(
    'the example on line %i runs and passes',
    (_, code) => {
      const { diagnostics, scenarios } = analyze(code);
      expect(diagnostics.map(({ id, message }) => `${id}: ${message}`)).toEqual([]);
      expect(scenarios.map(({ outcome }) => outcome)).toEqual(scenarios.map(() => 'passed'));
      expect(formatScript(code)).toBe(code);
    },
  );

  it.each(blocks.filter(({ wrong }) => wrong).map(({ line, code }) => [line, code]))(
    'the wrong lines on line %i get the remarks that they name',
    (_, code) => {
      const wanted = code
        .trimEnd()
        .split('\n')
        .map((line, at) => `${at + 1} ${line.split('# ')[1]}`);
      expect(compileScript(code).diagnostics.map(({ id, span }) => `${span.line} ${id}`)).toEqual(wanted);
    },
  );

  it('has the tables that the vocabulary gives (UPDATE_REFERENCE=1 writes them)', () => {
    expect(process.env.UPDATE_REFERENCE === '1' ? withTables : text).toBe(withTables);
  });

  it('shows every word of the vocabulary', () => {
    const missing = VOCABULARY.filter(({ word }) => !text.includes(word)).map(({ word }) => word);
    expect(missing).toEqual([]);
  });

  it('names the bounds that hold', () => {
    const bounds = text.slice(text.indexOf('## Bounds'), text.indexOf('## When')).replace(/\s+/g, ' ');
    expect(bounds).toContain(
      `at most ${MAX_LINES.toLocaleString('en')} lines, a line at most ${MAX_LINE_LENGTH.toLocaleString('en')} characters, ${MAX_WORDS} words and signs and ${MAX_PARENTHESES} parentheses; blocks nest at most ${MAX_DEPTH} deep, and a scenario has at most ${MAX_HOSTS} hosts`,
    );
  });

  it('shows what a failed check is told with', () => {
    const [, code, shown] = /^```tcpscript failing\n([\s\S]*?)^```$[\s\S]*?^```text\n([\s\S]*?)^```$/m.exec(text) ?? [];
    if (code === undefined || shown === undefined) throw new Error('there is no such example');
    const [scenario] = compileScript(code).program.scenarios;
    if (scenario === undefined) throw new Error('the example is no script');
    const session = new Session(scenario, { keep: 'verdicts' });
    session.runToEnd();
    const failed = session.checks().filter(({ ok }) => !ok);
    const told = failed.flatMap(({ span, text: asked, actual, because, waiting }) => [
      `line ${span.line}: ${asked}: ${actual}`,
      ...because.map((link) => `because ${becauseLine(link)}`),
      ...waiting.map((reason) => `${reason.host} sends nothing: ${waitingLine(reason)}`),
    ]);
    expect(shown.trim().split(/\s+/).join(' ')).toBe(told.join(' '));
  });
});
