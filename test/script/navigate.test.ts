import { describe, expect, it } from 'vitest';
import { contextAt, foldingRanges, outline, parseScript, statementAt, wordAt } from '../../src/script';

/** A text with `|` at the place in question. */
function marked(text: string): {
  readonly parsed: ReturnType<typeof parseScript>;
  readonly line: number;
  readonly column: number;
} {
  const before = text.slice(0, text.indexOf('|')).split('\n');
  return { parsed: parseScript(text.replace('|', '')), line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

describe('the word at a place', () => {
  const at = (text: string) => {
    const { parsed, line, column } = marked(text);
    return wordAt(parsed, line, column);
  };

  it.each([
    ['cl|ient send SYN', 'client', 'host', []],
    ['client se|nd SYN', 'send', 'word', ['verb']],
    ['client send SYN-A|CK', 'SYN-ACK', 'word', ['flag', 'flag']],
    ['client send ACK ac|k 5', 'ack', 'word', ['field']],
    ['client send d|ata', 'data', 'word', ['segment-class']],
    ['expect server is li|sten', 'listen', 'word', ['state']],
    ['expect server is syn_|sent', 'syn_sent', 'word', ['state']],
    ['server li|sten', 'listen', 'word', ['verb']],
    ['dro|p next', 'drop', 'word', ['fault']],
    ['delay n|ext by 5ms', 'next', 'word', ['preposition']],
    ['link { del|ay 5ms }', 'delay', 'word', ['link-option']],
    ['host a { re|ad off }', 'read', 'word', ['host-option']],
    ['host a { read of|f }', 'off', 'word', ['value']],
    ['client set nag|le on', 'nagle', 'word', ['set-option']],
    ['client send SYN <ms|s 5>', 'mss', 'word', ['segment-option']],
    ['wait 10m|s', '10ms', 'word', ['unit']],
    ['wait 10 minut|es', 'minutes', 'word', ['unit']],
    ['expect client error re|set', 'reset', 'word', ['error']],
    ['ser|ver:bob close', 'server', 'host', []],
    ['server:b|ob close', 'bob', 'host', []],
    ['expect server:bo|b is CLOSED', 'bob', 'host', []],
    ['drop next from serv|er:bob', 'server', 'host', []],
    ['expect server:b|ob.SND.NXT == 1', 'bob', 'host', []],
    ['expect ser|ver:bob.SND.NXT == 1', 'server', 'host', []],
    ['expect 클라|이언트 is CLOSED', '클라이언트', 'host', []],
    ['client send 5 bytes within| 2s', 'within', 'word', ['preposition']],
  ])('%s', (text, word, kind, categories) => {
    const found = at(text);
    expect([found?.word, found?.kind, found?.entries.map(({ category }) => category)]).toEqual([
      word,
      kind,
      categories,
    ]);
  });

  it('takes a variable apart', () => {
    expect(at('expect client.SND.N|XT == 5')).toMatchObject({
      kind: 'variable',
      host: 'client',
      name: 'SND.NXT',
      entries: [{ word: 'SND.NXT' }],
      span: { line: 1, column: 8, endColumn: 22 },
    });
  });

  it('takes the variable of a connection apart, and marks each host by itself', () => {
    expect(at('expect server:bob.SND.N|XT == 5')).toMatchObject({
      kind: 'variable',
      host: 'server:bob',
      name: 'SND.NXT',
    });
    expect(at('expect server:b|ob.SND.NXT == 5')).toMatchObject({ span: { column: 15, endColumn: 18 } });
    expect(at('server:b|ob close')).toMatchObject({ span: { column: 8, endColumn: 11 } });
  });

  it.each(['client send SYN # com|ment', '|', 'client   |   send'])('is none in %s', (text) => {
    expect(at(text)).toBeNull();
  });

  it('finds statements inside blocks', () => {
    const { parsed, line, column } = marked('at 1s {\n  client cl|ose\n}');
    expect(statementAt(parsed, line, column)?.piece.text).toBe('client close');
  });
});

describe('what may come', () => {
  const at = (text: string) => {
    const { parsed, line, column } = marked(text);
    return contextAt(parsed, line, column);
  };

  it.each([
    ['|', ['drop', 'expect', 'scenario'], ['host']],
    ['exp|', ['expect'], ['host']],
    ['client |', ['listen', 'send', 'close'], []],
    ['client se|', ['send'], []],
    ['client send |', ['data', 'any'], ['flags', 'text', 'number']],
    ['client send SYN |', ['within', 'seq'], ['flags', 'number']],
    ['client connect to |', [], ['host']],
    ['host |', [], ['new-host']],
    ['expect |', ['not', 'now', 'segment', 'quiet'], ['host', 'host-variable', 'number']],
    ['expect client is |', ['not'], ['state']],
    ['expect client error |', ['any'], ['error']],
    ['drop |', ['next', 'every'], ['ordinal']],
    ['drop next |', ['from', 'data'], ['flags']],
    ['wait |', ['until'], ['number']],
    ['wait 5 |', [], ['unit']],
    ['host client { |', [], ['host-option']],
    ['host client { isn 5, |', [], ['host-option']],
    ['host client {\n  isn 5\n  |\n}', [], ['host-option']],
    ['host client { nagle |', ['on'], ['option-value', 'number']],
    ['link { |', [], ['link-option']],
    ['set link |', [], ['host', 'link-option']],
    ['client set |', [], ['set-option']],
    ['on server is CLOSED { client |', ['close'], []],
    ['server listen; client |', ['close'], []],
    ['client send SYN <|', [], ['segment-option']],
  ])('at %j', (text, keywords, wants) => {
    const found = at(text);
    expect(found.keywords).toEqual(expect.arrayContaining(keywords));
    expect([...found.wants]).toEqual(expect.arrayContaining(wants));
  });

  it('wants nothing that does not fit', () => {
    expect(at('client connect to |')).toMatchObject({ keywords: [], wants: ['host'] });
    expect(at('expect client is |').wants).toEqual(['state']);
    expect(at('client inject RST spoof server |').keywords).toEqual(['to']);
    expect(at('client inject RST spoof server to client |').keywords).toEqual([]);
    expect(at('client write 5 bytes push |').keywords).toEqual(['urgent']);
    expect(at('client send SYN # |')).toMatchObject({ keywords: [], wants: [] });
    expect(at('client write "|')).toMatchObject({ keywords: [], wants: [] });
    expect(at('client frob |')).toMatchObject({ keywords: [], wants: [] });
  });

  it('completes the name behind the dot', () => {
    expect(at('expect client.SND.|')).toMatchObject({
      prefix: 'client.SND.',
      wants: ['variable'],
      prefixSpan: { column: 8, endColumn: 19 },
    });
    expect(at('expect client.ISS == server.|')).toMatchObject({ prefix: 'server.', wants: ['variable'] });
  });
});

describe('outline and folding', () => {
  const text = [
    '# one',
    '# two',
    'host client at 10.0.0.1:5 {',
    '  isn 5',
    '}',
    'scenario "first"',
    'link {',
    '  delay 5ms }',
    'on client is CLOSED {',
    '  at 1s { run }',
    '}',
    '',
    'scenario "second"',
    'run',
    '',
  ].join('\n');

  it('lists scenarios with what they declare', () => {
    const brief = (items: ReturnType<typeof outline>): unknown =>
      items.map(({ kind, name, span, children }) => [kind, name, span.line, span.endLine, brief(children)]);
    expect(brief(outline(parseScript(text)))).toEqual([
      ['host', 'client', 3, 5, []],
      [
        'scenario',
        'first',
        6,
        12,
        [
          ['link', 'link', 7, 8, []],
          ['on', 'on client is CLOSED', 9, 11, [['at', 'at 1s', 10, 10, []]]],
        ],
      ],
      ['scenario', 'second', 13, 15, []],
    ]);
  });

  it('folds blocks, scenarios and comments', () => {
    const ranges = foldingRanges(parseScript(text)).map(
      ({ startLine, endLine, kind }) => `${kind} ${startLine}-${endLine}`,
    );
    expect(ranges).toEqual(['region 6-11', 'region 13-14', 'block 3-5', 'block 7-8', 'block 9-11', 'comment 1-2']);
  });
});
