import * as vscode from 'vscode';
import { activeScript, programOf } from './documents';

async function startActiveScript(given: vscode.Uri | undefined, noDebug: boolean): Promise<void> {
  const uri = given ?? activeScript();
  if (uri === undefined) {
    void vscode.window.showInformationMessage('Open a .tcpscript file first, then run this command again.');
    return;
  }
  const name = vscode.workspace.asRelativePath(uri);
  await vscode.debug.startDebugging(
    vscode.workspace.getWorkspaceFolder(uri),
    { type: 'tcpscript', request: 'launch', name, program: programOf(uri), stopOnEntry: !noDebug },
    { noDebug },
  );
}

/** The commands that start a script; both also take the URI of a script, as the editor's run menu passes it. */
export function registerCommands(): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('tcpscript.debugFile', (uri?: vscode.Uri) => startActiveScript(uri, false)),
    vscode.commands.registerCommand('tcpscript.runFile', (uri?: vscode.Uri) => startActiveScript(uri, true)),
  );
}
