// node scripts/bench.mjs: prints how fast the product is on this machine.
import { bootstrap } from './lib/bootstrap.mjs';
import { generateParser } from './lib/langium.mjs';
import { runMain, step } from './lib/progress.mjs';

await bootstrap();
const { buildShipped } = await import('./lib/bundles.mjs');
const { reportHeading } = await import('./benchStats.mjs');
const { benchSession } = await import('./benchSession.mjs');
const { benchBulk } = await import('./benchBulk.mjs');
const { benchLanguageServer } = await import('./benchLanguageServer.mjs');

await runMain(async () => {
  await step('Generating the parser', generateParser);
  await step('Building', () => buildShipped({ minify: true }));
  reportHeading();
  await benchSession();
  await benchLanguageServer();
  await benchBulk();
});
