// npm run mutation                                  all of src/engine/tcp, as far as it has changed since the last time
// npm run mutation -- src/engine/tcp/recovery       one folder or file; several may be named
// npm run mutation -- --sample 10 --seed 2          a tenth of the functions, for an estimate
// npm run mutation -- --near                        the engine's own unit tests only, which is the quicker half
// npm run mutation -- --workers 1                   how many mutants are tested at a time; two when it is not given
// npm run mutation -- --fresh                       everything anew
import { parseArgs } from 'node:util';
import { bootstrap } from './lib/bootstrap.mjs';
import { generateParser } from './lib/langium.mjs';
import { runMain, step } from './lib/progress.mjs';

await bootstrap();
const { runMutation } = await import('./lib/mutation.mjs');

await runMain(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      sample: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string', default: '2' },
      fresh: { type: 'boolean', default: false },
      near: { type: 'boolean', default: false },
    },
  });
  const percent = Number(values.sample);
  if (!(percent > 0 && percent <= 100)) throw new Error('--sample takes a number of percent, above 0 and up to 100.');
  const concurrency = Number(values.workers);
  if (!(Number.isInteger(concurrency) && concurrency > 0)) throw new Error('--workers takes a whole number above 0.');
  await step('Generating the parser', generateParser);
  const { seed, fresh, near } = values;
  await runMutation({ places: positionals, percent, seed, fresh, near, concurrency });
});
