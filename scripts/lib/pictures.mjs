import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { root } from './bootstrap.mjs';
import { chromiumLaunch } from './chromium.mjs';
import { startInstalled } from './installed.mjs';
import { packVsix } from './package.mjs';
import { step } from './progress.mjs';
import { Workbench } from './workbench.mjs';

/** @typedef {import('./workbench.mjs').Theme} Theme */

const pictures = path.join(root, 'docs', 'pictures');

/**
 * What is shown in each picture, and how the window is left for the next one.
 * @type {Readonly<Record<string, { show: (workbench: Workbench) => Promise<void>, leave: (workbench: Workbench) => Promise<void> }>>}
 */
const scenes = {
  editor: {
    async show(workbench) {
      await workbench.openFile('mistakes.tcpscript');
      await workbench.page.locator('.squiggly-error').nth(1).waitFor();
      await workbench.command('Problems: Focus on Problems View');
      await workbench.page.locator('.markers-panel .monaco-list-row').nth(2).waitFor();
      await workbench.command('View: Focus Active Editor Group');
    },
    leave: (workbench) => workbench.command('View: Hide Panel'),
  },
  debugger: {
    async show(workbench) {
      // The window before this one may have been closed before VS Code had written down that its panel was hidden.
      if (await workbench.page.locator('.part.panel').isVisible()) await workbench.command('View: Hide Panel');
      await workbench.openFile('teardown.tcpscript');
      await workbench.debug();
      await workbench.panelShown();
      await workbench.stepTo(13);
      await workbench.page.keyboard.press('F11');
      await workbench.panel.locator('a[href*="rfc9293"]').first().waitFor();
    },
    leave: (workbench) => workbench.stopDebugging(),
  },
};

/**
 * @param {import('playwright-core').BrowserContext} context
 * @param {{ address: string }} server
 * @param {string} scene
 * @param {Theme} theme
 */
async function take(context, server, scene, theme) {
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const workbench = await Workbench.open(page, server.address);
  await workbench.theme(theme);
  await workbench.command('View: Close All Editors');
  await scenes[scene]?.show(workbench);
  await page.mouse.move(0, 0);
  await workbench.settled();
  await page.screenshot({ path: path.join(pictures, `${scene}-${theme}.png`) });
  await scenes[scene]?.leave(workbench);
  await page.close();
}

/** Writes the pictures of the documentation; the bundles must have been built. */
export async function takePictures() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tcpscript-pictures-'));
  mkdirSync(pictures, { recursive: true });
  const vsix = await packVsix(path.join(root, 'out'));
  const server = await startInstalled({ vsix, folder, files: [path.join(root, 'test/e2e/workspace')] });
  const { profile, options } = chromiumLaunch({ profile: path.join(folder, 'chromium'), width: 1600, height: 1000 });
  const context = await chromium.launchPersistentContext(profile, options);
  try {
    for (const scene of Object.keys(scenes)) {
      for (const theme of /** @type {const} */ (['light', 'dark'])) {
        await step(`${scene}-${theme}.png`, () => take(context, server, scene, theme));
      }
    }
  } finally {
    await context.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
