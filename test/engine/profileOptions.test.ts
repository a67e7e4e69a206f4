import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../../src/engine/config';
import type { ProfileName } from '../../src/engine/profiles';
import { PROFILES } from '../../src/engine/profiles';
import type { Segment } from '../../src/engine/segment';
import { createConnection, emit, segmentArrives, userCall } from '../../src/engine/tcp/connection';
import { createContext } from '../../src/engine/tcp/context';
import { encodeOptions } from '../../src/engine/wire/options';

const SERVER = { address: '10.0.0.2', port: 80 };

function host(profile: ProfileName, name: string, address: string, port: number): HostConfig {
  return { ...PROFILES[profile], name, address, port };
}

/** The SYN of one host of the profile, and the SYN-ACK of another. */
function handshake(profile: ProfileName): { syn: Segment; synAck: Segment } {
  const client = createConnection(host(profile, 'client', '10.0.0.1', 49152));
  const server = createConnection(host(profile, 'server', SERVER.address, SERVER.port));
  const ctx = createContext(0x01020300 * 1000, null);
  userCall(server, { kind: 'open-passive' }, ctx);
  ctx.remote = SERVER;
  userCall(client, { kind: 'open-active', remoteHost: 'server' }, ctx);
  const syn = emit(client, ctx)?.segment;
  if (syn === undefined) throw new Error('the client sends no SYN');
  segmentArrives(server, syn, 1, ctx);
  const synAck = emit(server, ctx)?.segment;
  if (synAck === undefined) throw new Error('the server sends no SYN-ACK');
  return { syn, synAck };
}

/** Octets as hexadecimal digits, so that a difference can be read. */
function hex(segment: Segment): string {
  return Buffer.from(encodeOptions(segment.options)).toString('hex');
}

const MSS = '020405b4';
const TS = '080a01020301';

describe('the options of a SYN and a SYN-ACK, octet by octet', () => {
  it('linux: mss, sackOK, TS, nop, wscale', () => {
    const { syn, synAck } = handshake('linux');
    expect(hex(syn)).toBe(`${MSS}0402${TS}000000000103030a`);
    expect(hex(synAck)).toBe(`${MSS}0402${TS}010203010103030a`);
  });

  it('freebsd: mss, nop, wscale, sackOK, TS', () => {
    const { syn, synAck } = handshake('freebsd');
    expect(hex(syn)).toBe(`${MSS}010303060402${TS}00000000`);
    expect(hex(synAck)).toBe(`${MSS}010303060402${TS}01020301`);
    expect(syn.wnd).toBe(65_535);
  });

  it('rfc: mss alone', () => {
    const { syn, synAck } = handshake('rfc');
    expect(hex(syn)).toBe(MSS);
    expect(hex(synAck)).toBe(MSS);
  });

  it('linux offers whole segments of half its buffer', () => {
    const { syn, synAck } = handshake('linux');
    expect(syn.wnd).toBe(44 * 1460);
    expect(synAck.wnd).toBe(45 * 1448);
  });
});
