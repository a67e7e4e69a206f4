// npm run nightly                     100,000 random worlds
// npm run nightly -- --worlds N --seed N --minutes N --workers N
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { bootstrap } from './lib/bootstrap.mjs';
import { generateParser } from './lib/langium.mjs';
import { runMain, step } from './lib/progress.mjs';

await bootstrap();
const { runWorlds } = await import('./lib/nightly.mjs');

await runMain(async () => {
  const { values } = parseArgs({
    options: {
      worlds: { type: 'string', default: '100000' },
      seed: { type: 'string', default: String(Math.floor(Date.now() / 86_400_000)) },
      minutes: { type: 'string', default: 'Infinity' },
      workers: { type: 'string', default: String(availableParallelism()) },
    },
  });
  const worlds = Number(values.worlds);
  const seed = Number(values.seed);
  const minutes = Number(values.minutes);
  const workers = Number(values.workers);
  if (!(worlds > 0 && minutes > 0 && workers > 0 && Number.isInteger(seed))) {
    throw new Error('--worlds, --minutes and --workers are positive numbers, and --seed is a whole one.');
  }
  await step('Generating the parser', generateParser);
  const failed = await runWorlds({ worlds, seed, minutes, workers });
  if (failed > 0) process.exitCode = 1;
});
