/** The language server as a Node program: `--stdio`, `--node-ipc`, `--socket=PORT` or `--pipe=NAME`. */
import { setImmediate as nextImmediate } from 'node:timers/promises';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from './server';

startServer(createConnection(ProposedFeatures.all), {
  clock: { nowMs: () => performance.now(), nextTurn: () => nextImmediate() },
});
