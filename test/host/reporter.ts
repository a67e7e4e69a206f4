/** Lines that begin so are for the program that drives the host: a host hands on nothing but its console. */
const line = (text: string): void => console.log('TEST', text);

/** How long one test of the host suites may take, in milliseconds. */
export const testTimeoutMs = 30_000;

/**
 * A mocha reporter for a host whose only way out is the console: a line for each test, and the counts at the end.
 * `Base` is mocha's own; each host has its copy of mocha.
 */
export function consoleReporter(Base: typeof Mocha.reporters.Base): Mocha.ReporterConstructor {
  return class ConsoleReporter extends Base {
    constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
      super(runner, options);
      const counts = { passed: 0, failed: 0, skipped: 0 };
      runner.on('pass', (test) => {
        counts.passed += 1;
        line(` ✓ ${test.fullTitle()} (${test.duration ?? 0} ms)`);
      });
      runner.on('fail', (test, error: Error) => {
        counts.failed += 1;
        line(` ✗ ${test.fullTitle()}\n${error.stack ?? error.message}`);
      });
      runner.on('pending', (test) => {
        counts.skipped += 1;
        line(` - ${test.fullTitle()}`);
      });
      runner.once('end', () => console.log('TEST-COUNTS', JSON.stringify(counts)));
    }
  };
}
