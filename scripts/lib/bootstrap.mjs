// Runs on whatever Node the machine has (18 or newer) and with no node_modules: imports Node's own modules only.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { step } from './progress.mjs';

/** The repository's root folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** The folder of the Node 24 binary that npm's `node` package installs. */
export const nodeFolder = path.join(root, 'node_modules', 'node', 'bin');

const nodeBinary = path.join(nodeFolder, process.platform === 'win32' ? 'node.exe' : 'node');
const stampFile = path.join(root, 'node_modules', '.tcpscript-installed');

/** A shell environment in which Node 24 and the project's tools come first. */
export function toolEnvironment() {
  const folders = [nodeFolder, path.join(root, 'node_modules', '.bin'), process.env.PATH ?? ''];
  return { ...process.env, PATH: folders.join(path.delimiter) };
}

/**
 * Runs npm and waits for it. Throws an error that holds npm's own words when it fails.
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, node?: string }} [options] `node`: the Node that runs npm
 * @returns {string} what npm wrote to standard output
 */
export function npm(args, options = {}) {
  const cli = process.env.npm_execpath;
  const [command, first] = cli?.endsWith('.js') ? [options.node ?? process.execPath, [cli]] : ['npm', []];
  const run = spawnSync(command, [...first, ...args, '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: options.cwd ?? root,
    env: options.env ?? process.env,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  if (run.status !== 0) {
    throw new Error(`npm ${args.join(' ')} failed:\n${run.error?.message ?? ''}${run.stdout}${run.stderr}`);
  }
  return run.stdout;
}

function wantedStamp() {
  const lock = readFileSync(path.join(root, 'package-lock.json'));
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`;
}

/** Where node_modules is a link, another folder's owner installs: `npm ci` would empty it under everybody who uses it. */
function isBorrowed() {
  return existsSync(nodeBinary) && lstatSync(path.join(root, 'node_modules')).isSymbolicLink();
}

function isInstalled() {
  if (isBorrowed()) return true;
  return existsSync(nodeBinary) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wantedStamp();
}

function install() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tcpscript-install-'));
  try {
    const node = lastingNode(folder);
    // Install scripts are off for every package (.npmrc); only the `node` package needs its own, to fetch its binary.
    step('Installing dependencies (once, about half a minute)', () => npm(['ci'], { node }));
    step('Installing Node 24 (once)', () => npm(['rebuild', 'node', '--ignore-scripts=false'], { node }));
    writeFileSync(stampFile, wantedStamp());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The running Node, or a copy of it in `folder` where it lies in node_modules, which the installation empties.
 * @param {string} folder
 */
function lastingNode(folder) {
  if (!process.execPath.startsWith(path.join(root, 'node_modules'))) return process.execPath;
  const copy = path.join(folder, path.basename(process.execPath));
  copyFileSync(process.execPath, copy);
  return copy;
}

/**
 * Brings the machine to the state that the other scripts expect: dependencies as locked, and this script running
 * under Node 24. Where the running Node is another one, the script is run again and this process ends with its result.
 */
export async function bootstrap() {
  try {
    if (!isInstalled()) install();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error('\nThe dependencies could not be installed. Is the npm registry reachable?');
    process.exit(1);
  }
  process.chdir(root);
  process.env.PATH = toolEnvironment().PATH;
  const wanted = Number(/"node": "(\d+)/.exec(readFileSync('package.json', 'utf8'))?.[1]);
  if (Number(process.versions.node.split('.')[0]) !== wanted) process.exit(await runAgain());
}

/** Runs this script under Node 24, hands every signal on to it, and returns its exit code. */
function runAgain() {
  const child = spawn(nodeBinary, process.argv.slice(1), { stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
