import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import webHost from '@vscode/test-web/out/server/app.js';
import { chromium } from 'playwright-core';
import { root } from './bootstrap.mjs';
import { chromiumLaunch } from './chromium.mjs';
import { startCodeServer } from './codeServer.mjs';
import { ensureWebBuild } from './hosts.mjs';

/** A suite that has not ended by then hangs. */
const suiteTimeoutMs = 240_000;

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {{ url: string, stop: () => Promise<void> }} RunningHost */

/**
 * The Node extension host, in code-server.
 * @param {string} folder
 * @param {string} workspace
 * @returns {Promise<RunningHost>}
 */
async function startNodeHost(folder, workspace) {
  // Only with the smoke-test driver does code-server take an extension under development from the address.
  const home = path.join(folder, 'server');
  const server = await startCodeServer({ home, more: ['--vscode-option', 'enable-smoke-test-driver'] });
  const remote = `vscode-remote://127.0.0.1:${server.port}`;
  const payload = JSON.stringify([
    ['extensionDevelopmentPath', `${remote}${root}`],
    ['extensionTestsPath', `${remote}${path.join(root, 'out/test/host/node.js')}`],
  ]);
  const url = `${server.address}?folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(payload)}`;
  return { url, stop: server.stop };
}

/** How a server hears that the browser wants an answer no more: of the files of a webview that is closed while it loads. */
const hungUp = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);

/** @param {unknown} error */
const isHungUp = (error) => error instanceof Error && 'code' in error && hungUp.has(String(error.code));

/**
 * The web extension host, in a worker of VS Code for the Web.
 * @param {string} _folder
 * @param {string} workspace
 * @returns {Promise<RunningHost>}
 */
async function startWebHost(_folder, workspace) {
  const app = await webHost.default({
    build: { type: 'static', location: ensureWebBuild() },
    extensionDevelopmentPath: root,
    // Without its ending: the host adds it.
    extensionTestsPath: path.join(root, 'out/test/host/web'),
    folderMountPath: workspace,
  });
  app.on('error', (error) => {
    if (!isHungUp(error)) console.error(error);
  });
  const server = app.listen(0, '127.0.0.1');
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  // Webviews need a name, not a number: their service worker is refused at 127.0.0.1.
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The web host has no port.');
  return { url: `http://localhost:${address.port}/`, stop };
}

const hosts = { node: startNodeHost, web: startWebHost };

/**
 * A new Chromium profile in which a webview's service worker counts as the page's own.
 * @param {string} profile
 */
export function prepareProfile(profile) {
  const preferences = { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } };
  mkdirSync(path.join(profile, 'Default'), { recursive: true });
  writeFileSync(path.join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
}

/**
 * Opens the page and waits for the suite inside to end.
 * @param {string} url
 * @param {string} profile
 * @param {string} log where the host's own messages go; a picture of the window beside it when the suite fails
 * @returns {Promise<Counts>}
 */
async function drive(url, profile, log) {
  prepareProfile(profile);
  const { options } = chromiumLaunch({ profile });
  const browser = await chromium.launchPersistentContext(profile, options);
  try {
    const page = browser.pages()[0] ?? (await browser.newPage());
    /** @type {Counts | undefined} */
    let counts;
    await page.exposeFunction('codeAutomationLog', (/** @type {string} */ type, /** @type {unknown[]} */ args) => {
      const [first, second] = args.map(String);
      if (first === 'TEST-COUNTS') counts = JSON.parse(second ?? '');
      else if (first === 'TEST') console.log(second);
      else if (type === 'error') appendFileSync(log, `${args.join(' ')}\n`);
    });
    /** @type {Promise<number>} */
    const exited = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('The suite did not end in time.')), suiteTimeoutMs);
      void page.exposeFunction('codeAutomationExit', (/** @type {number} */ code) => {
        clearTimeout(timer);
        resolve(code);
      });
    });
    await page.goto(url);
    const code = await exited.catch(async (error) => {
      await page.screenshot({ path: `${log}.png` });
      throw error;
    });
    if (counts === undefined) throw new Error(`The extension host ended with ${code} and reported no tests.`);
    if (code !== 0 && counts.failed === 0) throw new Error(`The extension host ended with ${code}.`);
    if (counts.failed > 0) await page.screenshot({ path: `${log}.png` });
    return counts;
  } finally {
    await browser.close();
  }
}

/**
 * Runs the extension-host suite in one of the two hosts.
 * @param {keyof typeof hosts} kind
 * @returns {Promise<Counts>}
 */
export async function runHostSuite(kind) {
  const folder = mkdtempSync(path.join(os.tmpdir(), `tcpscript-${kind}-`));
  const workspace = path.join(folder, 'workspace');
  cpSync(path.join(root, 'test/host/workspace'), workspace, { recursive: true });
  const log = path.join(root, 'out', `host-${kind}.log`);
  writeFileSync(log, '');
  const host = await hosts[kind](folder, workspace);
  try {
    return await drive(host.url, path.join(folder, 'chromium'), log);
  } finally {
    await host.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
