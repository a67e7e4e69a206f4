import { describe, expect, it } from 'vitest';
import { compileScript } from '../../src/script';
import { example, exampleNames } from './support';

describe('the examples', () => {
  it('are the twelve that a first-time user opens', () => {
    expect([...exampleNames].sort()).toEqual([
      'connection-refused.tcpscript',
      'four-way-close.tcpscript',
      'half-close.tcpscript',
      'lost-data.tcpscript',
      'lost-syn.tcpscript',
      'path-mtu.tcpscript',
      'simultaneous-close.tcpscript',
      'syn-cookies.tcpscript',
      'syn-flood.tcpscript',
      'three-clients.tcpscript',
      'three-segment-close.tcpscript',
      'three-way-handshake.tcpscript',
    ]);
  });

  it.each(exampleNames)('%s compiles, has a title, and explains itself', (name) => {
    const { program, diagnostics, parsed } = compileScript(example(name));
    expect(diagnostics).toEqual([]);
    for (const { title, body } of program.scenarios) {
      expect(title).not.toBe('');
      expect(body.length).toBeGreaterThan(3);
    }
    expect(parsed.comments.length).toBeGreaterThan(3);
  });
});
