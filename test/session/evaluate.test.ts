import { describe, expect, it } from 'vitest';
import { finished, HANDSHAKE } from './support';

describe('evaluating at a moment', () => {
  const session = finished(`host client { isn 1000 }\n${HANDSHAKE}expect server is ESTABLISHED\n`);
  session.travel(session.momentCount - 1);

  it.each([
    ['client', 'ESTABLISHED'],
    ['client.SND.NXT', '1001'],
    ['client.snd.nxt', '1001'],
    ['client.SND.NXT - client.ISS', '1 byte'],
    ['server.RTO', '1 s'],
    ['client is ESTABLISHED', 'true'],
    ['client.SND.NXT == server.RCV.NXT and not server is CLOSED', 'true'],
  ])('%s', (text, value) => {
    expect(session.evaluate(text)).toMatchObject({ value });
  });

  it.each([
    '',
    'nobody',
    'nobody.SND.NXT',
    'client.SND.NIX',
    'client send SYN',
    'client is',
    '1 +',
    'client\nserver',
    'x'.repeat(9999),
  ])('says what is wrong with %j', (text) => {
    expect(session.evaluate(text)).toMatchObject({ error: expect.stringMatching(/\w/) });
  });

  it('is worth what it was worth then', () => {
    session.travel(0);
    expect(session.evaluate('client')).toMatchObject({ value: 'CLOSED' });
    expect(session.evaluate('client.SND.NXT')).toMatchObject({ value: 'no value' });
    session.travel(session.momentCount - 1);
    expect(session.evaluate('client')).toMatchObject({ value: 'ESTABLISHED' });
  });
});
