// npm test                 everything
// npm test -- unit host    only these suites; `npm test -- --help` names them
import { bootstrap } from './lib/bootstrap.mjs';
import { runMain } from './lib/progress.mjs';

await bootstrap();
const { runSuites } = await import('./lib/suites.mjs');
await runMain(() => runSuites(process.argv.slice(2)));
