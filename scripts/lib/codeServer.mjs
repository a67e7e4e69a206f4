import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { toolEnvironment } from './bootstrap.mjs';
import { ensureCodeServer } from './hosts.mjs';

const startTimeoutMs = 60_000;

/** Settings of every VS Code that the project starts: no network, no chat, no questions before the first step. */
export const quietSettings = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'git.openRepositoryInParentFolders': 'never',
};

/** A TCP port that nobody listens on, on this machine only. @returns {Promise<number>} */
export function freePort() {
  const server = net.createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('No free port.')),
      );
    });
  });
}

/**
 * @typedef {object} ServerOptions
 * @property {string} home a folder for everything that the server writes
 * @property {number} [port] a free one when absent
 * @property {string} [password] asked by the login page; without it everybody on this machine may enter
 * @property {string} [open] the folder that is opened first
 * @property {string[]} [more] further arguments
 */

/** @param {string} home */
function serverFolders(home) {
  return {
    config: path.join(home, 'config.yaml'),
    data: path.join(home, 'data'),
    extensions: path.join(home, 'extensions'),
  };
}

/** @param {string} home */
function serverArguments(home) {
  const { config, data, extensions } = serverFolders(home);
  return ['--config', config, '--user-data-dir', data, '--extensions-dir', extensions];
}

/** @param {string} home */
function serverEnvironment(home) {
  // An empty gallery address switches the marketplace off; the XDG folders keep everything inside `home`.
  const own = {
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    XDG_DATA_HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_CACHE_HOME: home,
  };
  return { ...toolEnvironment(), ...own };
}

/**
 * Installs a VSIX for the server that will be started with the same `home`.
 * @param {string} home
 * @param {string[]} args such as `--install-extension x.vsix` or `--list-extensions`
 * @returns {[command: string, args: string[], env: NodeJS.ProcessEnv]}
 */
export function codeServerCommand(home, args) {
  prepareHome(home, {});
  return [process.execPath, [ensureCodeServer(), ...serverArguments(home), ...args], serverEnvironment(home)];
}

/**
 * Creates the server's folders and its settings. A user's own settings from an earlier run win.
 * @param {string} home
 * @param {Record<string, unknown>} settings
 */
export function prepareHome(home, settings) {
  const { config, data, extensions } = serverFolders(home);
  const user = path.join(data, 'User');
  for (const folder of [user, extensions]) mkdirSync(folder, { recursive: true });
  writeFileSync(config, '');
  const file = path.join(user, 'settings.json');
  try {
    writeFileSync(file, JSON.stringify({ ...quietSettings, ...settings }, null, 2), { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/**
 * Starts VS Code for the browser and waits until it answers.
 * @param {ServerOptions} options
 */
export async function startCodeServer({ home, port, password, open, more = [] }) {
  const folder = ensureCodeServer();
  const actualPort = port ?? (await freePort());
  prepareHome(home, {});
  const log = path.join(home, 'server.log');
  const args = [
    ...[folder, ...serverArguments(home), '--bind-addr', `127.0.0.1:${actualPort}`],
    ...['--auth', password === undefined ? 'none' : 'password'],
    ...['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'],
    ...['--disable-getting-started-override', '--disable-proxy', '--disable-file-downloads', '--app-name', 'TCPScript'],
    ...more,
    ...(open === undefined ? [] : [open]),
  ];
  const output = openSync(log, 'w');
  const child = spawn(process.execPath, args, {
    env: { ...serverEnvironment(home), ...(password === undefined ? {} : { PASSWORD: password }) },
    stdio: ['ignore', output, output],
    // A group of its own: Ctrl-C reaches this script alone, which then stops the server in order.
    detached: true,
  });
  /** @type {Promise<number>} */
  const exited = new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
  const address = `http://127.0.0.1:${actualPort}/`;
  try {
    await untilHealthy(address, exited);
  } catch (error) {
    child.kill();
    throw new Error(`${error instanceof Error ? error.message : error}\n${readFileSync(log, 'utf8').slice(-2000)}`);
  }
  const stop = async () => {
    child.kill();
    await exited;
  };
  return { address, port: actualPort, exited, stop };
}

/**
 * @param {string} address
 * @param {Promise<number>} exited
 */
async function untilHealthy(address, exited) {
  let over = false;
  void exited.then(() => {
    over = true;
  });
  const giveUpMs = performance.now() + startTimeoutMs;
  while (performance.now() < giveUpMs) {
    if (over) throw new Error('VS Code ended before it answered:');
    const healthy = await fetch(`${address}healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (healthy) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('VS Code did not answer within a minute:');
}
