/** Entry of the suite in the Node extension host: VS Code calls `run`. */
import Mocha from 'mocha';
import { consoleReporter, testTimeoutMs } from './reporter';

/** Runs every test; rejects when one fails. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', reporter: consoleReporter(Mocha.reporters.Base), timeout: testTimeoutMs });
  mocha.suite.emit(Mocha.Suite.constants.EVENT_FILE_PRE_REQUIRE, globalThis, '', mocha);
  await import('./suite');
  await new Promise<void>((resolve, reject) => {
    mocha.run((failures) => (failures === 0 ? resolve() : reject(new Error(`${failures} tests failed.`))));
  });
}
