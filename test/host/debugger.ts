import { assert } from 'chai';
import * as vscode from 'vscode';
import { DebugDriver } from './debugging';
import { closeAll, openScript, openText, when, workspaceFolder } from './support';

/** `handshake.tcpscript`: four statements, one a line. */
const handshake = 'handshake.tcpscript';

const pressF5 = (): Thenable<unknown> => vscode.commands.executeCommand('workbench.action.debug.start');

function breakAt(uri: vscode.Uri, line: number): vscode.Breakpoint {
  const breakpoint = new vscode.SourceBreakpoint(new vscode.Location(uri, new vscode.Position(line - 1, 0)));
  vscode.debug.addBreakpoints([breakpoint]);
  return breakpoint;
}

describe('the debugger', () => {
  let driver: DebugDriver;

  beforeEach(() => {
    driver = new DebugDriver();
  });

  afterEach(async () => {
    await driver.end();
    driver.dispose();
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await closeAll();
  });

  it('starts with F5 and without a launch.json, before the first statement', async () => {
    await openScript(handshake);
    await pressF5();
    assert.equal((await driver.stop()).line, 1);
  });

  it('starts from a launch.json, by the name of a configuration', async () => {
    const folder = workspaceFolder();
    const file = vscode.Uri.joinPath(folder.uri, '.vscode', 'launch.json');
    const program = 'handshake.tcpscript';
    const configurations = [{ type: 'tcpscript', request: 'launch', name: 'By name', program, stopOnEntry: true }];
    await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(folder.uri, '.vscode'));
    await vscode.workspace.fs.writeFile(
      file,
      new TextEncoder().encode(JSON.stringify({ version: '0.2.0', configurations })),
    );
    try {
      const known = (): unknown[] | undefined =>
        vscode.workspace.getConfiguration('launch', folder.uri).get('configurations');
      await when(
        vscode.workspace.onDidChangeConfiguration,
        () => (known()?.length === 1 ? true : undefined),
        () => `the configurations ${JSON.stringify(known())}`,
      );
      assert.isTrue(await vscode.debug.startDebugging(folder, 'By name'));
      assert.equal((await driver.stop()).line, 1);
    } finally {
      await vscode.workspace.fs.delete(file);
    }
  });

  it('debugs what the editor shows, saved or not', async () => {
    await openText('server listen\n\nclient send SYN\n');
    await vscode.commands.executeCommand('tcpscript.debugFile');
    assert.equal((await driver.stop()).line, 1);
    assert.equal((await driver.press('stepOver')).line, 3);
  });

  it('runs a script to its end without stopping', async () => {
    await openScript(handshake);
    await vscode.commands.executeCommand('tcpscript.runFile');
    await driver.event('terminated');
  });

  it('stops at a breakpoint', async () => {
    const { uri } = await openScript(handshake);
    breakAt(uri, 3);
    await pressF5();
    await driver.stop();
    const stop = await driver.press('continue');
    assert.deepEqual([stop.reason, stop.line], ['breakpoint', 3]);
  });

  it('steps over statements, and back', async () => {
    await openScript(handshake);
    await pressF5();
    await driver.stop();
    assert.equal((await driver.press('stepOver')).line, 2);
    assert.equal((await driver.press('stepOver')).line, 3);
    assert.equal((await driver.press('stepBack')).line, 2);
  });

  it('steps into the single events of a statement, each with its RFC section', async () => {
    await openScript(handshake);
    await pressF5();
    await driver.stop();
    await driver.press('stepOver');
    const stop = await driver.press('stepInto');
    assert.isAbove(stop.frames.length, 1);
    assert.match(stop.frames[0]?.name ?? '', /RFC 9293/);
  });

  it('stops at the end of the run, goes back from there, and ends when continued again', async () => {
    const { uri } = await openScript(handshake);
    breakAt(uri, 2);
    await pressF5();
    await driver.stop();
    await driver.press('continue');
    const end = await driver.press('continue');
    assert.match(end.description, /finished/i);
    assert.equal((await driver.press('reverseContinue')).line, 2);
    await driver.press('continue');
    await driver.push('continue');
    await driver.event('terminated');
  });

  it('restarts', async () => {
    await openScript(handshake);
    await pressF5();
    await driver.stop();
    await driver.press('stepOver');
    await driver.press('stepOver');
    assert.equal((await driver.press('restart')).line, 1);
  });

  it('shows states and variables by their RFC names, and evaluates them', async () => {
    await openScript(handshake);
    await pressF5();
    await driver.stop();
    await driver.press('stepOver');
    await driver.press('stepOver');
    const variables = await driver.variables('client');
    assert.equal(variables.get('state'), 'SYN-SENT');
    assert.isTrue(variables.has('SND.NXT'));
    assert.match(await driver.evaluate('client.SND.NXT - client.ISS'), /^1\b/);
  });

  it('begins no session for a script with mistakes', async () => {
    const { uri } = await openText('server lisen\n');
    const configuration = { type: 'tcpscript', request: 'launch', name: 'Wrong', program: uri.toString() };
    assert.isFalse(await vscode.debug.startDebugging(undefined, configuration));
    await pressF5();
    assert.deepEqual(driver.sessions, []);
  });
});
