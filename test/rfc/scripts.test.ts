import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  levelOf,
  REQUIREMENT_IDS,
  type RequirementLevel,
  readRequirementId,
  requirement,
} from '../../src/engine/requirements';
import { compileScript, formatScript } from '../../src/script';
import { analyze } from '../../src/session';
import { CHECKS } from './checks';
import { APPLYING, AWAITED, CONFORMANCE_SCRIPTS, firstLine } from './scripts';

/** The rows of the appendix: id, the column that is marked, feature. */
const APPENDIX = readFileSync(path.join(import.meta.dirname, 'appendixB.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => ({ id: line.slice(0, 8).trim(), column: line.slice(9, 19).trim(), feature: line.slice(20) }));

/** Ids that the appendix marks in another column than their name says. */
const OTHERWISE_MARKED: readonly string[] = ['MAY-5', 'MAY-10', 'MAY-11', 'SHLD-25'];

describe('the requirements of RFC 9293 Appendix B', () => {
  it('are all there, and no others', () => {
    expect([...REQUIREMENT_IDS].sort()).toEqual([...new Set(APPENDIX.map(({ id }) => id))].sort());
  });

  it.each<[RequirementLevel, number]>([
    ['MUST', 69],
    ['SHOULD', 32],
    ['MAY', 18],
  ])('%s: %i of them', (level, count) => {
    expect(REQUIREMENT_IDS.filter((id) => levelOf(id) === level)).toHaveLength(count);
  });

  it.each(APPENDIX.map(({ id, column, feature }) => [id, feature, column]))('%s is as binding: %s', (id, _, column) => {
    const found = readRequirementId(id);
    const level = found === null ? null : levelOf(found);
    expect(level === column?.split(' ')[0]).toBe(!OTHERWISE_MARKED.includes(id ?? ''));
  });

  it.each(REQUIREMENT_IDS)('%s is said in one plain sentence', (id) => {
    const { text, outside, leftOut, section } = requirement(id);
    expect(section).toMatch(/^3(\.\d+)+$/);
    for (const sentence of [text, outside, leftOut]) {
      if (sentence !== null) expect(sentence).toMatch(/^[A-Z].{20,}[^.]\.$/);
    }
    expect(text.length).toBeLessThan(160);
  });

  it('can be left out only where TCP may', () => {
    expect(REQUIREMENT_IDS.filter((id) => requirement(id).leftOut !== null && levelOf(id) !== 'MAY')).toEqual([]);
  });

  it('are not awaited once they are shown', () => {
    const shown = [...CONFORMANCE_SCRIPTS, ...CHECKS].flatMap(({ ids }) => ids);
    expect(AWAITED.filter((id) => shown.includes(id))).toEqual([]);
  });

  it.each(APPLYING)('%s is shown by a script, or by a check', (id) => {
    const shown = [...CONFORMANCE_SCRIPTS, ...CHECKS].filter(({ ids }) => ids.includes(id));
    expect(shown).not.toEqual([]);
  });
});

describe('the conformance scripts', () => {
  it.each(CONFORMANCE_SCRIPTS.map(({ name, ...script }) => [name, script] as const))('%s', (name, { text, ids }) => {
    const [first = 'none'] = ids;
    expect(name.startsWith(`${first.toLowerCase()}-`)).toBe(true);
    expect(text.split('\n')[0]).toBe(firstLine(ids));
    expect(formatScript(text)).toBe(text);
    for (const { title } of compileScript(text).program.scenarios) expect(title).not.toBe('');
    const { diagnostics, scenarios } = analyze(text);
    expect(diagnostics.map(({ span, message }) => `${span.line}: ${message}`)).toEqual([]);
    expect(scenarios.map(({ outcome }) => outcome)).toEqual(scenarios.map(() => 'passed'));
  });

  it.each(CHECKS.map(({ ids, title, run }) => [ids.join(', '), title, run] as const))('%s: %s', (_ids, _title, run) => {
    run();
  });
});
