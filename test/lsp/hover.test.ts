import { describe, expect, test } from 'vitest';
import { hover } from '../../src/lsp/hover';
import { analysed, marked } from './support';

async function hoverAt(source: string) {
  const { text, position } = marked(source);
  const found = hover(await analysed(text), position);
  if (found === null) return null;
  if (typeof found.contents === 'string' || !('value' in found.contents)) throw new Error('not markdown');
  return { value: found.contents.value, range: found.range };
}

describe('hover', () => {
  test.each([
    ['a state', 'expect server is SYN-|SENT', '**SYN-SENT**', 'rfc9293#section-3.3.2'],
    ['a state in the writing of Linux', 'expect server is syn_|sent', '**SYN-SENT**', 'rfc9293#section-3.3.2'],
    ['a call', 'client con|nect', 'active OPEN', 'rfc9293#section-3.9.1.1'],
    ['a flag', 'client send S|YN', '**SYN**', 'rfc9293#section-3.1'],
    ['both flags', 'server send SYN-A|CK', '**ACK**', 'rfc9293#section-3.1'],
    ['a field', 'client send ACK ac|k 1001', 'acknowledgment number', 'rfc9293#section-3.1'],
    ['an option of a host', 'host client { ms|s 1000 }', '**mss**', 'rfc9293#section-3.7.1'],
    ['the option delay of a link', 'link { del|ay 10ms }', 'one way', ''],
    ['the fault delay', 'del|ay next by 10ms', 'extra time', ''],
    ['a variable', 'expect client.SND.|NXT == 1', '**SND.NXT** of `client`', 'client.SND.NXT'.slice(7)],
    ['a unit', 'wait 10m|s', 'Milliseconds', ''],
    ['a statement', 'exp|ect server is LISTEN', 'Checks something', ''],
  ])('explains %s', async (_what, source, text, reference) => {
    const found = await hoverAt(source);
    expect(found?.value).toContain(text);
    expect(found?.value).toContain(reference);
  });

  test('covers the word', async () => {
    expect((await hoverAt('server listen\nexpect server is LIS|TEN'))?.range).toEqual({
      start: { line: 1, character: 17 },
      end: { line: 1, character: 23 },
    });
  });

  test('tells the address of a host and its state after the line', async () => {
    const found = await hoverAt('server listen\ncli|ent send SYN\nserver send SYN-ACK\n');
    expect(found?.value).toContain('10.0.0.1:49152');
    expect(found?.value).toContain('After line 2: **SYN-SENT**, at 0 ms');
  });

  test('does not take the state from another scenario', async () => {
    const found = await hoverAt(
      'scenario "a"\nserver listen\nclient send SYN\nscenario "b"\nserver listen\ncli|ent send SYN\n',
    );
    expect(found?.value).toContain('After line 6');
    const unreached = await hoverAt(
      'scenario "a"\nserver listen\nscenario "b"\nhost cli|ent at 10.0.0.1:1\nclient connect\n',
    );
    expect(unreached?.value).not.toContain('After line');
  });

  test('says why an arrow was sent, and why a check came out as it did', async () => {
    const arrow = await hoverAt('server listen\nclient send SYN\nserver se|nd SYN-ACK\n');
    expect(arrow?.value).toContain(
      '**Why**\n- server sends SYN-ACK (seq 0) at 10 ms: A SYN reaches the listening side',
    );
    expect(arrow?.value).toContain('- client calls OPEN at 0 ms by line 2, `client send SYN`');
    const check = await hoverAt('server listen\nclient connect\nexp|ect server is SYN-RECEIVED\n');
    expect(check?.value).toContain('- server goes from LISTEN to SYN-RECEIVED at 10 ms');
    const elsewhere = await hoverAt('server listen\nclient connect\nexpect server is SYN-REC|EIVED\n');
    expect(elsewhere?.value).not.toContain('**Why**');
  });

  test('says on every word of a line that failed what its host waits for', async () => {
    const found = await hoverAt('server listen\nclient connect\nexpect server is ESTAB|LISHED\n');
    expect(found?.value).toContain('**ESTABLISHED**');
    expect(found?.value).toContain('**Why nothing else is sent**\n- server: ');
  });

  test('explains a requirement that a comment names', async () => {
    const found = await hoverAt('server listen  # as MUST-|13 asks\n');
    expect(found?.value).toContain('**MUST-13** (MUST)');
    expect(found?.value).toContain('rfc9293#section-3.6.1');
    expect(found?.value).toContain('test/rfc/must-13-time-wait-2msl.tcpscript');
    expect(found?.range).toEqual({ start: { line: 0, character: 20 }, end: { line: 0, character: 27 } });
  });

  test('says why a requirement asks nothing here', async () => {
    expect((await hoverAt('# SHOULD-2|4'))?.value).toContain('Does not apply: Between two hosts');
  });

  test.each([
    ['a requirement that does not exist', '# MUST-7|0'],
    ['a requirement in a text', 'client write "MUST-1|3"'],
    ['a comment beside a requirement', '# MUST-13 is l|ong'],
    ['a comment', '# cli|ent'],
    ['a blank', 'client  |  listen'],
    ['a text', 'client write "SY|N"'],
    ['nothing', '|'],
  ])('says nothing on %s', async (_what, source) => {
    expect(await hoverAt(source)).toBeNull();
  });
});
