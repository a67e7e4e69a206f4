import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import type { DapHost, TcpscriptDebugSession } from '../../src/dap';
import { HANDSHAKE } from './scripts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The adapter as a web extension host gets it: bundled for browsers, in a global scope that has no Node in it. */
async function adapterWithoutNode(): Promise<new (host: DapHost) => TcpscriptDebugSession> {
  const { outputFiles } = await build({
    entryPoints: [here('../../src/dap/index.ts')],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'dap',
    mainFields: ['browser', 'module', 'main'],
    alias: { url: here('../../scripts/shims/url.mjs') },
  });
  const scope = vm.createContext({ setTimeout, URL, TextEncoder, TextDecoder, console });
  vm.runInContext(outputFiles[0]?.text ?? '', scope);
  return vm.runInContext('dap.TcpscriptDebugSession', scope);
}

describe('the adapter without Node', () => {
  it('debugs a script inside an extension host of the browser', async () => {
    const Adapter = await adapterWithoutNode();
    const session = new Adapter({ readText: () => Promise.resolve(HANDSHAKE), nowMs: () => performance.now() });
    const stops: string[] = [];
    const terminated = new Promise<void>((resolve) => {
      session.onDidSendMessage((message) => {
        const { event, body } = message as DebugProtocol.Event;
        if (event === 'stopped') {
          stops.push(body.reason);
          send('continue', { threadId: 1 });
        }
        if (event === 'terminated') resolve();
      });
    });
    let seq = 1;
    const send = (command: string, args: object): void => {
      const request: DebugProtocol.Request = { type: 'request', seq: seq++, command, arguments: args };
      session.handleMessage(request);
    };
    send('initialize', { adapterID: 'tcpscript', pathFormat: 'path' });
    send('launch', { program: 'vscode-vfs://github/a/b.tcpscript' });
    send('configurationDone', {});
    await terminated;
    send('disconnect', {});
    expect(stops).toEqual(['entry', 'pause']);
    session.dispose();
  });
});
