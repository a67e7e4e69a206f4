import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  levelOf,
  REQUIREMENT_IDS,
  type RequirementId,
  type RequirementLevel,
  requirement,
} from '../../src/engine/requirements';
import { REQUIREMENT_PLACES } from '../../src/session/requirementPlaces';
import { requirementText } from '../../src/session/requirementTexts';
import { requirementPlaces } from './places';

const UPDATE = process.env.UPDATE_REFERENCE === '1';
const ROOT = path.join(import.meta.dirname, '../..');
const PLACES_FILE = path.join(ROOT, 'src/session/requirementPlaces.ts');
const PAGE = path.join(ROOT, 'docs/conformance.md');

const places = requirementPlaces();

if (UPDATE) {
  const source = readFileSync(PLACES_FILE, 'utf8');
  const head = source.slice(0, source.indexOf('= {', source.indexOf('REQUIREMENT_PLACES')));
  writeFileSync(PLACES_FILE, `${head}= ${JSON.stringify(places)};\n`);
  execFileSync('biome', ['check', '--write', PLACES_FILE]);
}

const cell = (words: string) => words.replace(/\|/g, '\\|');

/** How a requirement is met, in the words of the page. */
function status(id: RequirementId): string {
  const { outside, leftOut } = requirement(id);
  if (outside !== null) return `does not apply: ${outside}`;
  if (leftOut !== null) return `left out: ${leftOut}`;
  const { scripts = [], checks = [] } = places[id] ?? {};
  if (scripts.length > 0) return 'shown';
  return checks.length > 0 ? 'shown by a unit test' : 'not shown';
}

function row(id: RequirementId): string {
  const { text, reference, url } = requirementText(id);
  const { scripts = [], checks = [] } = places[id] ?? {};
  const shown = [
    ...scripts.map((name) => `[${name.replace('.tcpscript', '')}](../test/rfc/${name})`),
    ...checks.map((title) => `${title} ([checks](../test/rfc/checks))`),
  ];
  const section = `[${reference.replace('RFC 9293 ', '')}](${url})`;
  return `| ${id} | ${cell(text)} | ${section} | ${cell(status(id))} | ${cell(shown.join('<br>'))} |`;
}

function table(level: RequirementLevel): string {
  const rows = REQUIREMENT_IDS.filter((id) => levelOf(id) === level).map(row);
  return ['| id | what is asked | section | status | shown by |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

/** `69: 60 shown by scripts, 8 by unit tests, 1 does not apply`. */
function summary(level: RequirementLevel): string {
  const kinds = REQUIREMENT_IDS.filter((id) => levelOf(id) === level).map((id) => status(id).split(':')[0]);
  const count = (kind: string) => kinds.filter((one) => one === kind).length;
  const parts = ['shown', 'shown by a unit test', 'does not apply', 'left out', 'not shown']
    .filter((kind) => count(kind) > 0)
    .map((kind) => `${count(kind)} ${kind}`);
  return `${kinds.length} in all: ${parts.join(', ')}.`;
}

const page = readFileSync(PAGE, 'utf8');
const current = page.replace(
  /<!-- requirements: (\w+) -->\n[\s\S]*?<!-- end -->/g,
  (_, level: RequirementLevel) =>
    `<!-- requirements: ${level} -->\n\n${summary(level)}\n\n${table(level)}\n\n<!-- end -->`,
);
if (UPDATE) writeFileSync(PAGE, current);

describe('what is generated (UPDATE_REFERENCE=1 writes it)', () => {
  it('docs/conformance.md has the tables of the requirements', () => {
    expect(UPDATE ? current : page).toBe(current);
    expect(current.match(/<!-- requirements: (MUST|SHOULD|MAY) -->/g)).toHaveLength(3);
  });

  it('`tcpscript explain` knows where each requirement is shown', () => {
    expect(UPDATE ? places : REQUIREMENT_PLACES).toEqual(places);
  });
});
