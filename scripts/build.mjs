// node scripts/build.mjs [--minify | --watch]
import { bootstrap } from './lib/bootstrap.mjs';
import { generateParser, watchGrammar } from './lib/langium.mjs';
import { runMain, step } from './lib/progress.mjs';

await bootstrap();
const { buildShipped, sizes, watchShipped } = await import('./lib/bundles.mjs');

await runMain(async () => {
  await step('Generating the parser', generateParser);
  if (process.argv.includes('--watch')) {
    watchGrammar();
    await watchShipped();
    return;
  }
  await step('Building', () => buildShipped({ minify: process.argv.includes('--minify') }));
  console.log(sizes());
});
