import { bootstrap, root } from './lib/bootstrap.mjs';
import { generateParser } from './lib/langium.mjs';
import { runMain, step } from './lib/progress.mjs';

await bootstrap();
const { buildShipped, sizes } = await import('./lib/bundles.mjs');
const { packVsix } = await import('./lib/package.mjs');

await runMain(async () => {
  await step('Generating the parser', generateParser);
  await step('Building', () => buildShipped({ minify: true }));
  console.log(sizes());
  console.log(await packVsix(root));
});
