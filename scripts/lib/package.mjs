import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { root } from './bootstrap.mjs';

/**
 * Packs what `.vscodeignore` lets through; the bundles must have been built.
 * @param {string} [folder] where the file goes: the repository's root when absent
 * @returns {Promise<string>} the file's path
 */
export async function packVsix(folder = root) {
  const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  mkdirSync(folder, { recursive: true });
  const packagePath = path.join(folder, `${name}-${version}.vsix`);
  await createVSIX({
    cwd: root,
    packagePath,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  return packagePath;
}
