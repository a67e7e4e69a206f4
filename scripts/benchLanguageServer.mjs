import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { longScript, manyScenarios } from './benchScripts.mjs';
import { numbersFrom, report } from './benchStats.mjs';
import { root } from './lib/bootstrap.mjs';

/**
 * The real server as a child process, spoken to over its standard input and output.
 */
function startServer() {
  const child = spawn(process.execPath, [path.join(root, 'dist', 'languageServer.js'), '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  return { child, connection };
}

/** @typedef {ReturnType<typeof startServer>['connection']} Connection */

/** @param {Connection} connection */
async function initialize(connection) {
  await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
  await connection.sendNotification('initialized', {});
}

/**
 * The diagnostics of one version of a document.
 * @param {Connection} connection
 * @param {string} uri
 * @param {number} version
 * @returns {Promise<unknown[]>}
 */
function diagnosticsOf(connection, uri, version) {
  return new Promise((resolve) => {
    const listener = connection.onNotification(
      'textDocument/publishDiagnostics',
      (/** @type {{ uri: string, version?: number, diagnostics: unknown[] }} */ published) => {
        if (published.uri !== uri || published.version !== version) return;
        listener.dispose();
        resolve(published.diagnostics);
      },
    );
  });
}

/**
 * @param {Connection} connection
 * @param {string} uri
 * @param {string} text
 */
async function open(connection, uri, text) {
  const answer = diagnosticsOf(connection, uri, 1);
  const textDocument = { uri, languageId: 'tcpscript', version: 1, text };
  await connection.sendNotification('textDocument/didOpen', { textDocument });
  return answer;
}

/**
 * Types into a script: each keystroke changes one number on a random line.
 * @param {Connection} connection
 * @param {string} name
 * @param {readonly string[]} lines
 */
async function benchTyping(connection, name, lines) {
  const uri = `file:///bench/${encodeURIComponent(name)}.tcpscript`;
  const found = await open(connection, uri, lines.join('\n'));
  if (found.length > 0) throw new Error(`${name} should have no diagnostics: ${JSON.stringify(found.slice(0, 3))}`);
  const places = lines.flatMap((line, index) => (line.startsWith('client send 100') ? [index] : []));
  const number = numbersFrom(2);
  const samples = [];
  for (let version = 2; version < 102; version++) {
    const line = places[number(places.length)] ?? 0;
    const character = 'client send 1'.length;
    const range = { start: { line, character }, end: { line, character: character + 1 } };
    const answer = diagnosticsOf(connection, uri, version);
    const startMs = performance.now();
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range, text: String(number(10)) }],
    });
    await answer;
    samples.push(performance.now() - startMs);
  }
  report(`keystroke to diagnostics: ${name}`, samples, 50);
}

async function benchStart() {
  const samples = [];
  for (let count = 0; count < 5; count++) {
    const startMs = performance.now();
    const { child, connection } = startServer();
    await initialize(connection);
    await open(connection, 'file:///bench/first.tcpscript', 'server listen\nclient send SYN\nserver sned SYN-ACK\n');
    samples.push(performance.now() - startMs);
    await end(child, connection);
  }
  report('server: from start to the first diagnostics', samples);
}

/**
 * @param {ReturnType<typeof startServer>['child']} child
 * @param {Connection} connection
 */
async function end(child, connection) {
  await connection.sendRequest('shutdown');
  const exit = once(child, 'exit');
  await connection.sendNotification('exit');
  await exit;
  connection.dispose();
}

/** Measures the real server through its pipe, the simulation included. */
export async function benchLanguageServer() {
  await benchStart();
  const { child, connection } = startServer();
  await initialize(connection);
  await benchTyping(connection, '1,000 lines, one scenario', longScript(1000));
  await benchTyping(connection, '1,000 lines, 50 scenarios', manyScenarios(1000));
  await end(child, connection);
}
