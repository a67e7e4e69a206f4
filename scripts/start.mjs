import { bootstrap } from './lib/bootstrap.mjs';
import { runMain } from './lib/progress.mjs';

await bootstrap();
const { start } = await import('./lib/start.mjs');
await runMain(() => start(process.argv.slice(2)));
