import { bootstrap } from './lib/bootstrap.mjs';
import { generateParser } from './lib/langium.mjs';
import { runMain } from './lib/progress.mjs';

await bootstrap();
const { typecheck } = await import('./lib/typecheck.mjs');

await runMain(async () => {
  await generateParser();
  const results = await typecheck();
  for (const { project, ok, output } of results)
    console.log(`${ok ? 'ok    ' : 'FAILED'} ${project}\n${output}`.trim());
  if (results.some(({ ok }) => !ok)) process.exitCode = 1;
});
