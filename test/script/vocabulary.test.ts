import { AstUtils, GrammarAST } from 'langium';
import { describe, expect, it } from 'vitest';
import { STATES } from '../../src/engine/states';
import { compileScript, lookUp, VOCABULARY, type VocabularyEntry } from '../../src/script';
import { HOST_OPTIONS, LINK_OPTIONS } from '../../src/script/options';
import { defaultText } from '../../src/script/optionValues';
import { grammar } from '../../src/script/parser';
import { NOT_YET } from '../../src/script/words';
import { scenarioOf } from './support';

/** What the capitals of a form stand for when it is put into a script. */
const FILLERS: readonly (readonly [RegExp, string])[] = [
  [/"TITLE"/g, '"a title"'],
  [/ADDRESS:PORT/g, '10.0.0.5:80'],
  [/\bNAME\b/g, 'carol'],
  [/\{ STATEMENTS \}/g, '{ client status }'],
  [/\bSTATE\b/g, 'ESTABLISHED'],
  [/\bSEGMENT\b/g, 'FIN'],
  [/\bCONDITION\b/g, 'client is CLOSED'],
  [/\bH2\b/g, 'server'],
  [/\bH\b/g, 'client'],
  [/\bA\b/g, 'client'],
  [/(?<!10 )\bB\b/g, 'server'],
];

/** A form made a whole line, by what its category is a part of. */
function lineOf({ category, word, forms }: VocabularyEntry, form: string): string {
  const options =
    category === 'link-option' || forms.some((other) => other.startsWith('link'))
      ? 'delay 5ms, loss 1%'
      : 'isn 5, mss 6';
  const filled = FILLERS.reduce(
    (text, [pattern, filler]) => text.replace(pattern, filler),
    form
      .replace('{ OPTIONS }', `{ ${options} }`)
      .replace('OPTION, OPTION', 'delay 5ms, loss 1%')
      .replace(/^H set OPTION$/, 'H set nodelay on')
      .replace(/OPTION$/, 'delay 5ms'),
  );
  switch (category) {
    case 'host-option':
      return `host carol { ${filled} }`;
    case 'link-option':
      return `link { ${filled} }`;
    case 'set-option':
      return `client set ${filled}`;
    case 'field':
    case 'segment-option':
      return `client send ACK ${filled}`;
    case 'state':
    case 'error':
      return `expect ${filled}`;
    case 'variable':
      return `expect ${filled} == ${filled}`;
    case 'unit':
      return `expect ${filled} == ${filled}`;
    case 'value':
      return `host carol { ${filled} }`;
    case 'condition':
      return /^(on|wait) /.test(filled) ? filled : `expect ${filled}`;
    case 'preposition':
      if (/^quiet|^H is/.test(form)) return `expect ${filled}`;
      return word === 'up' && form.startsWith('URG') ? `client send ${filled}` : filled;
    default:
      return filled;
  }
}

const { hosts, defaultLink, seed } = scenarioOf('host client\nhost server\nrun');
const withoutOptions = { hosts, defaultLink, seed };

describe('the vocabulary', () => {
  const forms = VOCABULARY.flatMap((entry) =>
    entry.forms.map((form) => [entry.category, entry.word, lineOf(entry, form)] as const),
  );

  it.each(forms)('%s %s: %s', (_category, _word, line) => {
    const { diagnostics } = compileScript(`${/attacker/.test(line) ? 'host attacker at 10.0.0.9\n' : ''}${line}`);
    expect(diagnostics.filter(({ id }) => id !== 'empty-scenario')).toEqual([]);
  });

  it('has every keyword of the grammar, and no keyword that the grammar has not', () => {
    const keywords = new Set(
      AstUtils.streamAllContents(grammar())
        .filter(GrammarAST.isKeyword)
        .map(({ value }) => value),
    );
    const words = [...keywords].filter((word) => /^[A-Za-z]/.test(word));
    expect(words.length).toBeGreaterThan(50);
    expect(words.filter((word) => lookUp(word).length === 0)).toEqual([]);
    const statements = VOCABULARY.filter(({ category }) =>
      ['statement', 'fault', 'verb', 'preposition', 'condition'].includes(category),
    );
    expect(statements.map(({ word }) => word).filter((word) => !keywords.has(word))).toEqual([]);
    expect(words.filter((word) => NOT_YET.has(word))).toEqual([]);
  });

  it('has every state, once', () => {
    expect(VOCABULARY.filter(({ category }) => category === 'state').map(({ word }) => word)).toEqual([...STATES]);
  });

  it('has no word twice in one category, and a sentence for each', () => {
    const keys = VOCABULARY.map(({ category, word }) => `${category} ${word}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { doc, word } of VOCABULARY) expect(doc, word).toMatch(/^\S.{3,}[.`"]$/s);
  });

  it.each([
    ...[...HOST_OPTIONS.values()].map((option) => ['host', option.name, defaultText(option)] as const),
    ...[...LINK_OPTIONS.values()].map((option) => ['link', option.name, defaultText(option)] as const),
  ])('tells the true default of %s option %s: %s', (owner, name, standard) => {
    const entry = lookUp(name, owner === 'host' ? 'host-option' : 'link-option')[0];
    expect(entry?.doc).toContain(`Default: ${standard}.`);
    const value = /^`([^`]*)`/.exec(standard ?? '')?.[1] ?? '';
    const written = (options: string) =>
      scenarioOf(owner === 'host' ? `host client {${options}}\nhost server\nrun` : `link {${options}}\nrun`);
    const { hosts, defaultLink, seed } = written(` ${name} ${value} `);
    // `window` bounds the window beside the buffer, and a bound as large as the buffer is none.
    const unbounded = hosts.map((host) => ({ ...host, windowClampBytes: null }));
    expect({ hosts: name === 'window' ? unbounded : hosts, defaultLink, seed }).toEqual(withoutOptions);
  });

  it('says that `on` acts at once where the state is there already', () => {
    expect(lookUp('on', 'statement')[0]?.doc).toContain('or is so already when the line is reached');
  });

  it('finds words in any case, by category', () => {
    expect(lookUp('syn_sent', 'state').map(({ word }) => word)).toEqual(['SYN-SENT']);
    expect(lookUp('ack').map(({ category }) => category)).toEqual(['flag', 'field']);
    expect(lookUp('snd.nxt', 'variable')).toMatchObject([{ word: 'SND.NXT', section: 'RFC 9293 3.3.1' }]);
    expect(lookUp('nothing')).toEqual([]);
  });
});
