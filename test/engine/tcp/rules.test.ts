import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rule } from '../../../src/engine/rules';
import { STATES } from '../../../src/engine/states';
import { TCP_RULES } from '../../../src/engine/tcp/rules';
import { isVariableName, VARIABLE_NAMES, VARIABLES } from '../../../src/engine/variables';
import { bench, inState } from './harness';

const IDS = Object.keys(TCP_RULES) as (keyof typeof TCP_RULES)[];

/** All source of one TCP but its rule tables. */
const SOURCE = ['', 'calls/', 'recovery/', 'congestion/', 'waiting/']
  .flatMap((folder) => {
    const url = new URL(`../../../src/engine/tcp/${folder}`, import.meta.url);
    return readdirSync(url)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(new URL(name, url), 'utf8'));
  })
  .join('\n');

describe('the rule table of TCP', () => {
  it.each(IDS)('%s is given as a cause somewhere', (id) => expect(SOURCE).toContain(`'${id}'`));

  it.each(IDS)('%s says where it stands and why, in one sentence', (id) => {
    const { rfc, section, requirement, text } = rule(id);
    expect([
      9293, 6298, 5681, 7323, 2018, 2883, 6675, 6582, 8985, 9937, 5682, 3042, 3168, 6928, 9438, 5961, 1122, 1337, 6191,
      3522, 3708, 2861, 4987, 1191, 8201, 5461, 5927,
    ]).toContain(rfc);
    expect(section).toMatch(/^\d+(\.\d+)*$/);
    if (requirement !== null) expect(requirement).toMatch(/^(MUST|SHLD|MAY|REC)-\d+$/);
    expect(text).toMatch(/^[A-Z].{30,}[^.]\.$/);
    expect(text.length).toBeLessThan(200);
    expect(text).not.toMatch(/\. [A-Z]/);
  });

  it('no two rules say the same', () => {
    const texts = IDS.map((id) => rule(id).text);
    expect(new Set(texts).size).toBe(texts.length);
  });
});

describe('variables', () => {
  it('have a doc, a section, and a value that fits the unit in every state', () => {
    for (const state of STATES) {
      const { tcb } = inState(state);
      for (const name of VARIABLE_NAMES) {
        const variable = VARIABLES[name];
        const value = variable?.read(tcb) ?? null;
        expect(variable?.doc, name).toMatch(/^[A-Z].*\.$/);
        expect(variable?.section, name).toMatch(/^RFC \d+ \d/);
        if (value === null) continue;
        expect(typeof value, name).toBe(variable?.unit === 'boolean' ? 'boolean' : 'number');
        if (variable?.unit === 'seq') expect(value, name).toBe(Number(value) >>> 0);
      }
    }
  });

  it('are RFC 9293 tables 2 and 3 first', () => {
    expect(VARIABLE_NAMES.slice(0, 11)).toEqual([
      'SND.UNA',
      'SND.NXT',
      'SND.WND',
      'SND.UP',
      'SND.WL1',
      'SND.WL2',
      'ISS',
      'RCV.NXT',
      'RCV.WND',
      'RCV.UP',
      'IRS',
    ]);
  });

  it('have no value before they mean something', () => {
    const { tcb } = bench();
    expect(['SND.NXT', 'ISS', 'RCV.NXT', 'IRS', 'SRTT'].map((name) => VARIABLES[name]?.read(tcb))).toEqual(
      new Array(5).fill(null),
    );
    expect(isVariableName('constructor')).toBe(false);
    expect(isVariableName('SND.UNA')).toBe(true);
  });

  it('show the TCB', () => {
    const { tcb } = inState('TIME-WAIT', { mslUs: 1_000_000 });
    const read = (name: string) => VARIABLES[name]?.read(tcb);
    expect([read('SND.NXT'), read('RCV.NXT'), read('ISS'), read('IRS')]).toEqual([1002, 5002, 1000, 5000]);
    expect([read('timer.timewait'), read('timer.retransmission'), read('MSL')]).toEqual([2_000_000, null, 1_000_000]);
  });
});
