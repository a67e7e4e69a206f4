import { bootstrap } from './lib/bootstrap.mjs';
import { generateParser } from './lib/langium.mjs';
import { runMain, step } from './lib/progress.mjs';

await bootstrap();
await runMain(() => step('Generating the parser', generateParser));
