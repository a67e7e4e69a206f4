import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../../../src/engine/config';
import { FLAG } from '../../../src/engine/segment';
import { segmentArrives } from '../../../src/engine/tcp/connection';
import { ecnField, ecnFlags, ecnSynFlags, freshEcn, takeEcn, takeEcnSetup } from '../../../src/engine/tcp/ecn';
import { type Bench, bench, inState, peerSegment } from './harness';
import { notes } from './scene';

type Ecn = HostConfig['ecn'];

/** ESTABLISHED, and both sides agreed to ECN. */
function active(config: Partial<HostConfig> = {}): Bench {
  const b = inState('ESTABLISHED', config);
  b.tcb.ecn.active = true;
  return b;
}

/** A segment arrives with these control bits and this ECN field in its IP header. */
const mark = (b: Bench, names: string, ecn: number): void => takeEcn(b.tcb, { ...peerSegment(b, names), ecn }, b.ctx);

describe('ECN-setup (RFC 3168 section 6.1.1)', () => {
  it('nothing is agreed on before the SYNs', () => {
    expect(freshEcn()).toEqual({ active: false, echo: false, mustTell: false });
  });

  it.each<[Ecn, number]>([
    ['on', FLAG.ECE | FLAG.CWR],
    ['passive', 0],
    ['off', 0],
  ])('a SYN of a host that has it %s', (ecn, bits) => {
    expect(ecnSynFlags(bench({ ecn }).tcb)).toBe(bits);
  });

  it.each([
    [true, FLAG.ECE],
    [false, 0],
  ])('a SYN-ACK, agreed: %s', (agreed, bits) => {
    const b = inState('SYN-RECEIVED', { ecn: 'on' });
    b.tcb.ecn.active = agreed;
    expect(ecnSynFlags(b.tcb)).toBe(bits);
  });

  const BITS = ['', 'ECE', 'CWR', 'ECE-CWR'];

  it.each<[Ecn, string, string[]]>([
    // What the host wants, what arrives, and the bits with which both agree.
    ['on', 'SYN', ['ECE-CWR']],
    ['passive', 'SYN', ['ECE-CWR']],
    ['off', 'SYN', []],
    ['on', 'SYN-ACK', ['ECE']],
    ['passive', 'SYN-ACK', []],
    ['off', 'SYN-ACK', []],
  ])('%s, a %s with the bits %j', (ecn, segment, agreed) => {
    const b = bench({ ecn });
    const found = BITS.filter((bits) => {
      takeEcnSetup(b.tcb, peerSegment(b, bits === '' ? segment : `${segment}-${bits}`));
      return b.tcb.ecn.active;
    });
    expect(found).toEqual(agreed);
  });
});

describe('a mark is echoed until the sender says CWR (section 6.1.3)', () => {
  it.each([
    [3, true],
    [2, false],
    [1, false],
    [0, false],
  ])('ECN field %i', (field, echo) => {
    const b = active();
    mark(b, 'ACK', field);
    expect(b.tcb.ecn.echo).toBe(echo);
    expect(ecnFlags(b.tcb, false)).toBe(echo ? FLAG.ECE : 0);
    expect(notes(b)).toEqual(echo ? ['ecn-mark'] : []);
  });

  it('is told once, and CWR ends it', () => {
    const b = active();
    mark(b, 'ACK', 3);
    mark(b, 'ACK', 3);
    expect(notes(b)).toEqual(['ecn-mark']);
    mark(b, 'CWR-ACK', 2);
    expect(b.tcb.ecn.echo).toBe(false);
  });

  it('a segment with CWR that was marked itself is a new mark', () => {
    const b = active();
    mark(b, 'ACK', 3);
    mark(b, 'CWR-ACK', 3);
    expect(b.tcb.ecn.echo).toBe(true);
    expect(notes(b)).toEqual(['ecn-mark', 'ecn-mark']);
  });

  it('means nothing where ECN was not agreed on', () => {
    const b = inState('ESTABLISHED');
    b.tcb.ecn.echo = true;
    mark(b, 'CWR-ACK', 3);
    expect([b.tcb.ecn.echo, notes(b)]).toEqual([true, []]);
    expect(ecnFlags(b.tcb, true)).toBe(0);
  });

  it('the next two segments are acknowledged at once where ACKs are paced', () => {
    const b = active({ delayedAckUs: 40_000, delayedAckMaxUs: 200_000, quickAcks: 16 });
    b.tcb.pace.quick = 0;
    mark(b, 'ACK', 3);
    expect(b.tcb.pace.quick).toBe(2);
  });
});

describe('what a sender says and asks for (sections 6.1.2 and 6.1.4)', () => {
  it('CWR goes once, with new data', () => {
    const b = active();
    b.tcb.ecn.mustTell = true;
    expect(ecnFlags(b.tcb, false)).toBe(0);
    expect(b.tcb.ecn.mustTell).toBe(true);
    expect(ecnFlags(b.tcb, true)).toBe(FLAG.CWR);
    expect(ecnFlags(b.tcb, true)).toBe(0);
  });

  it('the echo and CWR may go together', () => {
    const b = active();
    Object.assign(b.tcb.ecn, { echo: true, mustTell: true });
    expect(ecnFlags(b.tcb, true)).toBe(FLAG.ECE | FLAG.CWR);
  });

  it.each([
    [true, true, 2],
    [true, false, 0],
    [false, true, 0],
    [false, false, 0],
  ])('agreed %s, new data %s: the ECN field is %i', (agreed, isNewData, field) => {
    const b = active();
    b.tcb.ecn.active = agreed;
    expect(ecnField(b.tcb, isNewData)).toBe(field);
  });
});

describe('in a connection', () => {
  it('a marked segment that passes the checks is echoed; one that does not is not', () => {
    const b = active();
    segmentArrives(b.tcb, { ...peerSegment(b, 'ACK', { seq: 99_999, len: 10 }), ecn: 3 }, 1, b.ctx);
    expect(b.tcb.ecn.echo).toBe(false);
    segmentArrives(b.tcb, { ...peerSegment(b, 'ACK', { len: 10 }), ecn: 3 }, 2, b.ctx);
    expect(b.tcb.ecn.echo).toBe(true);
  });
});
