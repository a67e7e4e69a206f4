import { describe, expect, it } from 'vitest';
import { encodePcapng } from '../../../src/engine/wire';

interface Block {
  readonly type: number;
  readonly body: DataView;
}

/** The blocks of a file, read by their leading lengths; the trailing ones have to agree. */
function blocksOf(file: Uint8Array): Block[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const blocks: Block[] = [];
  for (let at = 0; at < file.length; ) {
    const length = view.getUint32(at + 4, true);
    expect([length % 4, view.getUint32(at + length - 4, true)]).toEqual([0, length]);
    blocks.push({ type: view.getUint32(at, true), body: new DataView(file.buffer, at + 8, length - 12) });
    at += length;
  }
  return blocks;
}

/** The options of a block from an offset on: each code with its octets, up to the end of options. */
function optionsOf(body: DataView, from: number): [number, number[]][] {
  const options: [number, number[]][] = [];
  for (let at = from; ; ) {
    const code = body.getUint16(at, true);
    const length = body.getUint16(at + 2, true);
    if (code === 0) {
      expect([length, at + 4]).toEqual([0, body.byteLength]);
      return options;
    }
    options.push([code, [...new Uint8Array(body.buffer, body.byteOffset + at + 4, length)]]);
    at += 4 + Math.ceil(length / 4) * 4;
  }
}

const utf8 = (text: string) => [...new TextEncoder().encode(text)];

describe('a pcapng file', () => {
  const file = encodePcapng({
    application: 'test 1',
    comment: 'Größe',
    interfaces: [
      { name: 'client', description: 'client at 10.0.0.1' },
      { name: 'server', description: '' },
    ],
    datagrams: [
      { interfaceIndex: 1, timeUs: 2 ** 32 + 5, bytes: Uint8Array.of(1, 2, 3, 4, 5), comments: ['one', 'two'] },
      { interfaceIndex: 0, timeUs: 2 ** 33, bytes: Uint8Array.of(6, 7, 8, 9), comments: [] },
    ],
  });
  const [section, first, second, packet, last, ...more] = blocksOf(file);

  it('has a section, its interfaces and its datagrams, in this order', () => {
    const types = [section, first, second, packet, last].map((block) => block?.type);
    expect([types, more]).toEqual([[0x0a0d0d0a, 1, 1, 6, 6], []]);
  });

  it('begins with the magic number, version 1.0, and a section of unknown length', () => {
    const body = section?.body ?? new DataView(new ArrayBuffer(16));
    expect([body.getUint32(0, true), body.getUint16(4, true), body.getUint16(6, true)]).toEqual([0x1a2b3c4d, 1, 0]);
    expect(body.getBigInt64(8, true)).toBe(-1n);
    expect(optionsOf(body, 16)).toEqual([
      [1, utf8('Größe')],
      [4, utf8('test 1')],
    ]);
  });

  it('names each interface: raw IP, no limit of length, microseconds', () => {
    const body = first?.body ?? new DataView(new ArrayBuffer(8));
    expect([body.getUint16(0, true), body.getUint32(4, true)]).toEqual([101, 0]);
    expect(optionsOf(body, 8)).toEqual([
      [2, utf8('client')],
      [3, utf8('client at 10.0.0.1')],
      [9, [6]],
    ]);
  });

  it('holds each datagram with interface, time, both lengths, octets, direction and comments', () => {
    const body = packet?.body ?? new DataView(new ArrayBuffer(28));
    const words = [0, 4, 8, 12, 16].map((at) => body.getUint32(at, true));
    expect(words).toEqual([1, 1, 5, 5, 5]);
    expect([...new Uint8Array(body.buffer, body.byteOffset + 20, 8)]).toEqual([1, 2, 3, 4, 5, 0, 0, 0]);
    expect(optionsOf(body, 28)).toEqual([
      [2, [2, 0, 0, 0]],
      [1, utf8('one')],
      [1, utf8('two')],
    ]);
    expect([last?.body.getUint32(4, true), last?.body.getUint32(8, true)]).toEqual([2, 0]);
  });

  it('cuts a comment off where its length no longer fits, between two characters', () => {
    const comment = `${'x'.repeat(65_534)}ö and more`;
    const [head] = blocksOf(encodePcapng({ application: '', comment, interfaces: [], datagrams: [] }));
    const [[, octets] = [0, []]] = optionsOf(head?.body ?? new DataView(new ArrayBuffer(16)), 16);
    expect(octets.length).toBe(65_534);
  });
});
