import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { root } from '../../scripts/lib/bootstrap.mjs';
import { startInstalled } from '../../scripts/lib/installed.mjs';
import { packVsix } from '../../scripts/lib/package.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where VS Code answers. */
    address: string;
    /** The packed extension. */
    vsix: string;
    /** The folder in which VS Code keeps the installed extension. */
    extension: string;
    /** What code-server says is installed. */
    listed: string;
    /** The folder that VS Code has open. */
    workspace: string;
  }
}

/** Packs the extension, installs it, and starts the VS Code that all end-to-end tests share. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tcpscript-e2e-'));
  const vsix = await packVsix(path.join(root, 'out'));
  const files = [path.join(root, 'examples'), path.join(root, 'test/e2e/workspace')];
  const installed = await startInstalled({ vsix, folder, files });
  project.provide('address', installed.address);
  project.provide('vsix', vsix);
  project.provide('extension', installed.extension);
  project.provide('listed', installed.listed);
  project.provide('workspace', installed.workspace);
  return async () => {
    await installed.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}
