import { bootstrap } from './lib/bootstrap.mjs';
import { generateParser } from './lib/langium.mjs';
import { runMain, step } from './lib/progress.mjs';

await bootstrap();
const { buildShipped } = await import('./lib/bundles.mjs');
const { ensureChromium } = await import('./lib/chromium.mjs');
const { ensureCodeServer } = await import('./lib/hosts.mjs');
const { takePictures } = await import('./lib/pictures.mjs');

await runMain(async () => {
  ensureChromium();
  ensureCodeServer();
  await step('Generating the parser', generateParser);
  await step('Building', () => buildShipped({ minify: true }));
  await takePictures();
});
