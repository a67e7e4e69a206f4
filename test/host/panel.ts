import { assert } from 'chai';
import * as vscode from 'vscode';
import { DebugDriver } from './debugging';
import { closeAll, openScript, when, workspaceFolder } from './support';

interface RunMessage {
  readonly type: string;
  readonly view: { readonly hosts: readonly { readonly name: string }[] };
  readonly moment: { readonly index: number };
}

function panelTab(): vscode.Tab | undefined {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .find(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('tcpscript.panel'));
}

const openTabs = (): string =>
  vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label)).join(', ');

describe('the panel', () => {
  let driver: DebugDriver;

  beforeEach(async () => {
    driver = new DebugDriver();
    await openScript('handshake.tcpscript');
    await vscode.commands.executeCommand('tcpscript.debugFile');
    await driver.stop();
  });

  afterEach(async () => {
    await driver.end();
    driver.dispose();
    await closeAll();
  });

  it('opens beside the script when the debugger starts, and leaves the focus there', async () => {
    const tab = await when(vscode.window.tabGroups.onDidChangeTabs, panelTab, openTabs);
    assert.equal(tab.group.viewColumn, vscode.ViewColumn.Two);
    assert.isTrue(vscode.window.activeTextEditor?.document.fileName.endsWith('handshake.tcpscript'));
  });

  it('is opened again by its command, and only once', async () => {
    const tab = await when(vscode.window.tabGroups.onDidChangeTabs, panelTab, openTabs);
    await vscode.window.tabGroups.close(tab);
    assert.isUndefined(panelTab());
    await vscode.commands.executeCommand('tcpscript.showPanel');
    await vscode.commands.executeCommand('tcpscript.showPanel');
    await when(vscode.window.tabGroups.onDidChangeTabs, panelTab, openTabs);
    const all = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
    assert.lengthOf(
      all.filter(({ input }) => input instanceof vscode.TabInputWebview),
      1,
    );
  });

  it('stays with the session that the editor is turned to, and goes to the other one with it', async () => {
    const [first] = driver.sessions;
    const asked = (session: vscode.DebugSession | undefined): number => driver.requests(session, 'tcpscript/view');
    await when(
      driver.onDidHear,
      () => (asked(first) > 0 ? true : undefined),
      () => 'no request for the first view',
    );
    const name = 'Another';
    const program = vscode.Uri.joinPath(workspaceFolder().uri, 'handshake.tcpscript').toString();
    await vscode.debug.startDebugging(undefined, { type: 'tcpscript', request: 'launch', name, program });
    await driver.event('stopped');
    const [, second] = driver.sessions;
    assert.equal(vscode.debug.activeDebugSession?.id, first?.id);
    assert.equal(asked(second), 0);
    await vscode.debug.stopDebugging(first);
    await when(
      driver.onDidHear,
      () => (asked(second) > 0 ? true : undefined),
      () => 'no request for the second view',
    );
    assert.equal(vscode.debug.activeDebugSession?.id, second?.id);
  });

  it('is given the run by the adapter, and can travel in it', async () => {
    await driver.press('stepOver');
    await driver.press('stepOver');
    const now: RunMessage = await driver.session.customRequest('tcpscript/view');
    assert.equal(now.type, 'run');
    assert.deepEqual(now.view.hosts.map(({ name }) => name).sort(), ['client', 'server']);
    assert.isAbove(now.moment.index, 0);
    await driver.session.customRequest('tcpscript/travel', { moment: 0 });
    await driver.stop();
    const then: RunMessage = await driver.session.customRequest('tcpscript/view');
    assert.equal(then.moment.index, 0);
  });
});
