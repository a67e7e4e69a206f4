import { describe, expect, it } from 'vitest';
import { parseScript, VOCABULARY, type WordCategory } from '../../src/script';
import { tokenize } from '../../src/script/parser';
import { example, exampleNames } from './support';
import { colour, grammarFile, scopeOf } from './textmate';

/** How each kind of word is coloured. Small words may be several things at once. */
const SCOPES: Readonly<Record<Exclude<WordCategory, 'variable' | 'unit'>, RegExp>> = {
  statement: /^keyword\.control$/,
  fault: /^keyword\.control$/,
  verb: /^support\.function$/,
  preposition: /^(keyword\.(other|control)|support\.type\.property-name)$/,
  condition: /^keyword\.operator\.word$/,
  state: /^constant\.language\.state$/,
  flag: /^constant\.language\.flag$/,
  field: /^variable\.parameter\.field$/,
  'segment-option': /^(variable\.parameter\.field|support\.type\.property-name)$/,
  'segment-class': /^variable\.parameter\.field$/,
  'host-option': /^(support\.type\.property-name|support\.function)$/,
  'link-option': /^(support\.type\.property-name|keyword\.control)$/,
  'set-option': /^support\.type\.property-name$/,
  'icmp-kind': /^constant\.language$/,
  error: /^(constant\.language|variable\.parameter\.field)$/,
  value: /^(constant\.language|keyword\.control)$/,
};

describe('the TextMate grammar', () => {
  const words = VOCABULARY.flatMap(({ category, word, forms }) =>
    category === 'variable' || category === 'unit' ? [] : [[category, word, forms[0] ?? ''] as const],
  );

  it.each(words)('colours %s %s in %j', (category, word, form) => {
    const behind = category === 'error' ? form.indexOf('error ') + 6 : 0;
    expect(scopeOf(form, word, behind)).toMatch(SCOPES[category]);
  });

  it.each(VOCABULARY.filter(({ category }) => category === 'unit').map(({ word }) => [word]))(
    'colours the unit %s',
    (unit) => {
      for (const text of [`wait 10 ${unit}`, `wait 10${unit}`])
        expect(scopeOf(text, unit, 5)).toBe('keyword.other.unit');
    },
  );

  it.each(VOCABULARY.filter(({ category }) => category === 'variable').map(({ word }) => [word]))(
    'colours the variable %s',
    (name) => {
      expect(scopeOf(`expect client.${name} == 5`, name)).toBe('variable.other.property');
      expect(scopeOf(`expect client.${name} == 5`, 'client')).toBe('entity.name.type.host');
    },
  );

  it.each([
    ['client send SYN # drop', '# drop', 'comment.line'],
    ['client send SYN // drop', '// drop', 'comment.line'],
    ['client write "drop # 5" push', 'drop', 'string.quoted.double'],
    ['client write "a\\" drop" push', 'drop', 'string.quoted.double'],
    ['client write "a" push', 'push', 'keyword.other'],
    ['클라이언트 listen', '클라이언트', 'entity.name.type.host'],
    ['host drop-box at 10.0.0.1:80', 'drop-box', 'entity.name.type.host'],
    ['host a at 10.0.0.1:80', '10.0.0.1:80', 'constant.other.address'],
    ['host a at [2001:db8::1]:80', '[2001:db8::1]:80', 'constant.other.address'],
    ['host a at fe80::1', 'fe80::1', 'constant.other.address'],
    ['drop 3rd data', '3rd', 'constant.numeric.ordinal'],
    ['wait 1.5s', '1.5', 'constant.numeric'],
    ['expect client is fin-wait-1', 'fin-wait-1', 'constant.language.state'],
    ['expect client is syn_sent', 'syn_sent', 'constant.language.state'],
    ['server listen', 'listen', 'support.function'],
    ['expect server is LISTEN', 'LISTEN', 'constant.language.state'],
    ['client send ACK ack 1001', 'ack', 'variable.parameter.field'],
    ['client send SYN , ACK', 'SYN , ACK', 'constant.language.flag'],
    ['hold a -> b', '->', 'keyword.operator'],
  ])('%s: %s is %s', (line, word, scope) => {
    expect(scopeOf(line, word)).toBe(scope);
  });

  it.each(exampleNames)('agrees with the lexer of the language about where the words of %s begin and end', (name) => {
    const { entries, lines } = parseScript(example(name));
    for (const { piece } of entries) {
      const scoped = colour(lines[piece.line - 1] ?? '');
      for (const token of tokenize(piece.text).tokens) {
        const start = piece.column - 1 + token.start;
        const touching = scoped.filter((range) => range.start < start + token.image.length && range.end > start);
        expect(touching.length, token.image).toBeGreaterThan(0);
        expect(Math.min(...touching.map((range) => range.start)), token.image).toBeGreaterThanOrEqual(start);
      }
    }
  });

  it.each(['server:bob close', 'expect server:bob.SND.NXT == 5', 'drop next from server:bob'])(
    'colours both hosts of %s',
    (text) => {
      for (const host of ['server', 'bob']) expect(scopeOf(text, host)).toBe('entity.name.type.host');
      expect(scopeOf(text, ':')).toBe('punctuation.separator.actor');
    },
  );

  it('names only scopes of this language', () => {
    const names = JSON.stringify(grammarFile).match(/"name":"[^"]+"/g) ?? [];
    expect(names.filter((name) => name !== '"name":"TCPScript"' && !name.endsWith('.tcpscript"'))).toEqual([]);
    expect(grammarFile.scopeName).toBe('source.tcpscript');
  });
});
