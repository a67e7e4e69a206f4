import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { inject } from 'vitest';
import { chromiumLaunch } from '../../scripts/lib/chromium.mjs';
import { Workbench } from '../../scripts/lib/workbench.mjs';

/** A browser with VS Code in it, and the way to close it. */
export interface OpenedWorkbench {
  readonly workbench: Workbench;
  readonly context: BrowserContext;
  /** Errors that no page of it caught, and messages of a refused Content-Security-Policy. */
  errors(): readonly string[];
  close(): Promise<void>;
}

/** Opens VS Code in a browser of its own. */
export async function openWorkbench(size: { width?: number; height?: number } = {}): Promise<OpenedWorkbench> {
  const profile = mkdtempSync(path.join(os.tmpdir(), 'tcpscript-chromium-'));
  const { options } = chromiumLaunch({ profile, width: 1500, height: 950, ...size });
  const context = await chromium.launchPersistentContext(profile, options);
  const page = context.pages()[0] ?? (await context.newPage());
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (/Content.Security.Policy/i.test(message.text())) errors.push(message.text());
  });
  page.setDefaultTimeout(20_000);
  const workbench = await Workbench.open(page, inject('address'));
  return {
    workbench,
    context,
    errors: () => errors,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
