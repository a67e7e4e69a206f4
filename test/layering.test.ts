import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

/** What each folder may import from; everything else the linter must refuse. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  engine: [],
  script: ['engine'],
  session: ['engine', 'script'],
  protocol: ['engine', 'script', 'session'],
  lsp: ['engine', 'script', 'session', 'protocol'],
  dap: ['engine', 'script', 'session', 'protocol'],
  cli: ['engine', 'script', 'session', 'protocol'],
  extension: ['engine', 'script', 'session', 'protocol', 'lsp', 'dap', 'cli'],
};

const folders = Object.keys(allowed);
const made: string[] = [];

/** The lines of a file in this folder of `src` (or in `media`) that the linter refuses. */
function refusedLines(folder: string, lines: readonly string[]): number[] {
  const parent = folder === 'media' ? 'media' : path.join('src', folder);
  const room = mkdtempSync(path.join(parent, 'layering-'));
  made.push(room);
  const file = path.join(room, 'probe.ts');
  writeFileSync(file, `${lines.join('\n')}\n`);
  const rules = ['--only=style/noRestrictedImports', '--only=correctness/noNodejsModules'];
  const report = lint(['lint', '--reporter=github', '--max-diagnostics=none', ...rules, file]);
  return [...report.matchAll(/^::error .*line=(\d+)/gm)].map((match) => Number(match[1])).sort((a, b) => a - b);
}

/** Runs the linter, whose exit code is not zero when it has something to say. */
function lint(args: readonly string[]): string {
  try {
    return execFileSync('biome', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && typeof error.stdout === 'string') return error.stdout;
    throw error;
  }
}

afterAll(() => {
  for (const room of made) rmSync(room, { recursive: true });
});

describe('imports point one way', () => {
  test.each(folders)('src/%s may import from the folders before it, and from no other', (folder) => {
    const others = folders.filter((each) => each !== folder);
    const lines = others.map((each) => `export * as ${each} from '../../${each}/x';`);
    const forbidden = others.flatMap((each, index) => (allowed[folder]?.includes(each) ? [] : [index + 1]));
    expect(refusedLines(folder, lines)).toEqual(forbidden);
  });

  test('the panel may import from src/protocol, and from nothing else of src', () => {
    const lines = folders.map((each) => `export * as ${each} from '../../src/${each}/x';`);
    const forbidden = folders.flatMap((each, index) => (each === 'protocol' ? [] : [index + 1]));
    expect(refusedLines('media', lines)).toEqual(forbidden);
  });

  test('an index, a type and a dynamic import count too', () => {
    const lines = [
      "export * from '../../session';",
      "export type { X } from '../../script/x';",
      "export const x = () => import('../../lsp/x');",
    ];
    expect(refusedLines('engine', lines)).toEqual([1, 2, 3]);
  });

  test('only the extension knows VS Code, and only programs know Node', () => {
    const lines = ["export * as editor from 'vscode';", "export * as files from 'node:fs';"];
    expect(refusedLines('session', lines)).toEqual([1, 2]);
    expect(refusedLines('lsp', lines)).toEqual([1, 2]);
    expect(refusedLines('cli', lines)).toEqual([1]);
    expect(refusedLines('extension', lines)).toEqual([]);
  });
});
