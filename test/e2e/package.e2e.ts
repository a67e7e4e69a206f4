import { globSync, statSync } from 'node:fs';
import { expect, inject, test } from 'vitest';

const shipped = [
  'CHANGELOG.md',
  'LICENSE.txt',
  'README.md',
  'dist/cli.js',
  'dist/debugAdapter.js',
  'dist/extension.js',
  'dist/languageServer.js',
  'dist/panel.js',
  'dist/web/extension.js',
  'dist/web/languageServer.js',
  'docs/pictures/debugger-dark.png',
  'media/icon-file.svg',
  'media/icon.png',
  'package.json',
  'syntaxes/language-configuration.json',
  'syntaxes/tcpscript.tmLanguage.json',
];

test('the packed extension installs, and holds what runs and nothing else', () => {
  const files = globSync('**', { cwd: inject('extension'), withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== '.vsixmanifest')
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(inject('extension').length + 1));
  const sorted = (names: string[]): string[] => names.map((name) => name.toLowerCase()).sort();
  expect(sorted(files)).toEqual(sorted(shipped));
});

test('VS Code lists the installed extension', () => {
  expect(inject('listed')).toMatch(/^tcpscript\.tcpscript@\d+\.\d+\.\d+$/m);
});

test('the packed extension is small', () => {
  expect(statSync(inject('vsix')).size).toBeLessThan(3 * 1024 * 1024);
});
