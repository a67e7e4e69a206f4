import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bootstrap, root } from './lib/bootstrap.mjs';
import { generateParser } from './lib/langium.mjs';
import { runMain, step } from './lib/progress.mjs';

await bootstrap();
const { runTests } = await import('@vscode/test-electron');
const { buildHostTests, buildShipped } = await import('./lib/bundles.mjs');

await runMain(async () => {
  await step('Generating the parser', generateParser);
  await step('Building', () => Promise.all([buildShipped({ minify: true }), buildHostTests()]));
  const workspace = mkdtempSync(path.join(os.tmpdir(), 'tcpscript-desktop-'));
  cpSync(path.join(root, 'test/host/workspace'), workspace, { recursive: true });
  try {
    await runTests({
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(root, 'out/test/host/node.js'),
      launchArgs: [workspace, '--disable-extensions', '--disable-workspace-trust'],
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The tests in the desktop VS Code did not pass, or it could not be downloaded: ${reason}`);
  } finally {
    rmSync(workspace, { recursive: true, force: true, maxRetries: 5 });
  }
});
