/** Entry of the suite in the web extension host: VS Code calls `run`. */
import { consoleReporter, testTimeoutMs } from './reporter';
import 'mocha/mocha';

/** Runs every test; rejects when one fails. */
export async function run(): Promise<void> {
  mocha.setup({ ui: 'bdd', reporter: consoleReporter(Mocha.reporters.Base), timeout: testTimeoutMs });
  await import('./suite');
  await new Promise<void>((resolve, reject) => {
    mocha.run((failures) => (failures === 0 ? resolve() : reject(new Error(`${failures} tests failed.`))));
  });
}
