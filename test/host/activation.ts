import { assert } from 'chai';
import * as vscode from 'vscode';
import { openText } from './support';

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

describe('activation', () => {
  const extension = vscode.extensions.getExtension('tcpscript.tcpscript');

  it('happens when a script is opened', async () => {
    assert.isDefined(extension);
    await openText('server listen\n');
    await extension.activate();
    assert.isTrue(extension.isActive);
  });

  it('is asked for by the language and by debugging only', () => {
    const manifest: Manifest = extension?.packageJSON;
    for (const event of manifest.activationEvents) assert.match(event, /^onDebug/);
  });

  it('registers every command of the manifest', async () => {
    const manifest: Manifest = extension?.packageJSON;
    const registered = await vscode.commands.getCommands(true);
    for (const { command } of manifest.contributes.commands) assert.include(registered, command);
  });

  it('leaves the ends of the lines, where the states stand, free of the minimap', () => {
    const settings = vscode.workspace.getConfiguration('editor', { languageId: 'tcpscript' });
    assert.isFalse(settings.get('minimap.enabled'));
    assert.isTrue(vscode.workspace.getConfiguration('editor', { languageId: 'plaintext' }).get('minimap.enabled'));
  });
});
