import { describe, expect, test } from 'vitest';
import { completions } from '../../src/lsp/completion';
import { analysed, marked } from './support';

async function itemsAt(source: string) {
  const { text, position } = marked(source);
  return completions(await analysed(text), position);
}

const labelsAt = async (source: string) => (await itemsAt(source)).map(({ label }) => label);

describe('completion', () => {
  test.each<[where: string, source: string, offered: readonly string[], absent: readonly string[]]>([
    [
      'at the start of a line',
      '|',
      ['client', 'server', 'drop', 'expect', 'wait', 'scenario', 'host'],
      ['SYN', 'LISTEN'],
    ],
    ['after a host', 'client |', ['send', 'connect', 'close', 'abort', 'write', 'inject'], ['drop', 'SYN', 'client']],
    ['in a verb', 'client se|', ['send', 'set'], ['drop']],
    ['after send', 'client send |', ['SYN', 'SYN-ACK', 'FIN', 'data', 'seq', 'ack', 'win'], ['client', 'LISTEN']],
    ['after a segment', 'client send SYN |', ['seq', 'within'], ['drop']],
    ['after is', 'expect server is |', ['ESTABLISHED', 'TIME-WAIT', 'LISTEN', 'not'], ['listen', 'SYN']],
    ['in a state', 'expect server is SYN-|', ['SYN-SENT', 'SYN-RECEIVED'], []],
    ['after on … is', 'on server is |', ['CLOSE-WAIT'], ['SYN']],
    ['after expect', 'expect |', ['client', 'server', 'now', 'not', 'segment', 'quiet'], ['drop', 'SYN']],
    ['after a dot', 'expect client.|', ['client.SND.NXT', 'client.RCV.WND', 'client.ISS'], ['SND.NXT']],
    ['after a colon', 'host bob\nserver:|', ['server:bob', 'server:client'], ['server:server', 'send', 'bob']],
    ['in the name of a peer', 'host bob\nexpect server:b|', ['server:bob'], ['bob']],
    ['after a connection', 'server:client |', ['send', 'close'], ['drop']],
    ['in the variable of a connection', 'expect server:client.SND.U|', ['server:client.SND.UNA'], []],
    ['after to and a colon', 'client connect to server:|', [], ['server:client', 'client']],
    ['in a variable', 'expect client.SND.U|', ['client.SND.UNA'], []],
    ['in the braces of a host', 'host client { | }', ['isn', 'mss', 'window', 'delayed-ack'], ['loss', 'send']],
    ['on a line of its own in the braces of a host', 'host client {\n  |\n}', ['isn', 'mss'], ['loss', 'drop']],
    ['after an option', 'host client { isn 1000, | }', ['mss', 'nagle'], ['loss']],
    ['in open braces', 'host client { i|', ['isn'], ['drop']],
    ['in the braces of a link', 'link { | }', ['delay', 'loss', 'rate', 'mtu'], ['isn']],
    ['after set link', 'set link |', ['delay', 'loss'], ['isn', 'nodelay']],
    ['after a switch', 'host client { nagle | }', ['on', 'off'], ['ms']],
    ['after read', 'client read |', ['all', 'off', 'on'], ['send']],
    ['after drop', 'drop |', ['next', 'every'], ['SYN']],
    ['after drop next', 'drop next |', ['SYN', 'data', 'from'], ['next']],
    ['after from', 'drop next data from |', ['client', 'server'], ['SYN']],
    ['after error', 'expect client error |', ['reset', 'refused', 'timeout', 'any'], ['SYN']],
    ['behind a duration', 'wait 10|', [], ['client']],
    ['in the unit of a duration', 'wait 10m|', ['ms', 'min', 'msl'], ['bytes', 'KiB']],
    ['after a number of bytes', 'client write 4000 |', ['bytes', 'KiB', 'push'], ['ms']],
    ['in the unit of a rate', 'link { rate 10M| }', ['Mbps', 'kbps'], ['ms', 'bytes']],
    ['in the body of a handler', 'on server is CLOSE-WAIT { server | }', ['close', 'send'], ['drop']],
    ['after a semicolon', 'server listen; client |', ['send', 'connect'], ['drop']],
  ])('%s', async (_where, source, offered, absent) => {
    const labels = await labelsAt(source);
    expect(labels).toEqual(expect.arrayContaining([...offered]));
    for (const label of absent) expect(labels).not.toContain(label);
  });

  test('offers the hosts that the scenario declares', async () => {
    expect(await labelsAt('host 클라이언트 at 10.0.0.9:1\nhost b at 10.0.0.8:2\n|')).toEqual(
      expect.arrayContaining(['클라이언트', 'b']),
    );
  });

  test.each([
    ['in a comment', 'server listen # |'],
    ['in a text', 'client write "|"'],
    ['in an open text', 'scenario "|'],
  ])('offers nothing %s', async (_where, source) => {
    expect(await labelsAt(source)).toEqual([]);
  });

  test('replaces the word that is begun', async () => {
    const items = await itemsAt('server listen\nexpect client.SND.N|');
    expect(items.find(({ label }) => label === 'client.SND.NXT')?.textEdit).toEqual({
      range: { start: { line: 1, character: 7 }, end: { line: 1, character: 19 } },
      newText: 'client.SND.NXT',
    });
  });

  test('every word of a statement comes with its documentation, and RFC words with their section', async () => {
    const items = await itemsAt('client |');
    expect(items.filter(({ documentation }) => documentation === undefined)).toEqual([]);
    const connect = items.find(({ label }) => label === 'connect');
    expect(connect?.documentation).toMatchObject({
      kind: 'markdown',
      value: expect.stringContaining('rfc9293#section-3.9.1.1'),
    });
  });

  test('offers nothing twice', async () => {
    for (const source of ['|', 'client |', 'expect |', 'host client { | }', 'expect client error |']) {
      const labels = await labelsAt(source);
      expect(labels).toEqual([...new Set(labels)]);
    }
  });
});
