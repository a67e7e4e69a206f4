import { describe, expect, it } from 'vitest';
import { compileWatch } from '../../src/script';

const ask = (text: string) => compileWatch(text, ['client', 'server']);

describe('what a debugger asks', () => {
  it('is a host', () => {
    expect(ask('  server ')).toEqual({ host: 'server' });
  });

  it('is a value', () => {
    expect(ask('client.snd.nxt-client.ISS')).toMatchObject({
      expression: {
        kind: 'binary',
        operator: '-',
        unit: 'bytes',
        text: 'client.SND.NXT - client.ISS',
        left: { kind: 'variable', host: 'client', name: 'SND.NXT' },
      },
    });
  });

  it('is a condition', () => {
    expect(ask('client is syn_sent and segment lost')).toMatchObject({
      condition: {
        kind: 'and',
        operands: [{ kind: 'state', host: 'client', state: 'SYN-SENT' }, { kind: 'segment-lost' }],
      },
    });
  });

  it.each([
    ['', 'Ask for one host, value or condition.'],
    ['client\nserver', 'Ask for one host, value or condition.'],
    ['nobody', '`nobody` is no host, value or condition. Try `client.SND.NXT` or `client is ESTABLISHED`.'],
    ['x '.repeat(100), `\`${'x '.repeat(30)}…\` is no host`],
    ['nobody is CLOSED', 'There is no host `nobody`'],
    ['client.', '`client.` is not a variable of a TCP connection. There are `SND.NXT`'],
    ['client.SND.NTX', 'Did you mean `SND.NXT`?'],
    ['1/0', '`1 / 0` divides by zero'],
    ['client.SND.NXT == 5000000000', 'A sequence number goes from 0 to 4294967295'],
    ['('.repeat(5_000), 'That is too long: ask with at most 4000 characters.'],
    ['('.repeat(21), 'That has too many parentheses: ask with at most 20 of them.'],
    ['1 + '.repeat(300), 'That has too many words and signs: ask for less at once.'],
    ['client is CLOSED within 5s', 'is no host, value or condition'],
  ])('says what is wrong with %j', (text, message) => {
    expect(ask(text)).toEqual({ error: expect.stringContaining(message) });
  });
});
