/** The language server as a Node program: `--stdio`, `--node-ipc`, `--socket=PORT` or `--pipe=NAME`. */
import { setImmediate as nextImmediate } from 'node:timers/promises';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from './index';

const TRANSPORT = /^--(?:stdio|node-ipc|socket|pipe)(?:=|$)/;

// An editor that closes its end hears nothing any more: what would still be said is no error.
process.stdout.on('error', () => process.exit(0));

if (process.argv.some((argument) => TRANSPORT.test(argument))) {
  startServer(createConnection(ProposedFeatures.all), {
    clock: { nowMs: () => performance.now(), nextTurn: () => nextImmediate() },
  });
} else {
  process.stderr.write(
    'This is the language server of TCPScript: an editor starts it, with --stdio, --node-ipc, --socket=PORT or --pipe=NAME.\n',
  );
  process.exitCode = 3;
}
