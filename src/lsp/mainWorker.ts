/** The language server as a web worker, for VS Code in the browser. */
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import { startServer } from './index';

declare const self: DedicatedWorkerGlobalScope;

/** A message to oneself comes after those that wait already, without the 4 ms that a nested timeout costs. */
function nextTurn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

startServer(createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self)), {
  clock: { nowMs: () => performance.now(), nextTurn },
});
