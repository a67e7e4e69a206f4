import { describe, expect, it } from 'vitest';
import { compileScript } from '../../src/script';

describe('a value out of range', () => {
  it.each([
    ['host client { delayed-ack 500ms }', 'goes from 0 to less than 500ms'],
    ['host client { challenge-ack-limit 61s }', 'goes from 1us to 60s'],
  ])('%s: the bound is told as people write it', (line, range) => {
    const { diagnostics } = compileScript(`${line}\nhost server\nserver listen`);
    expect(diagnostics[0]?.message).toContain(range);
  });
});
