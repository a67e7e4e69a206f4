import * as vscode from 'vscode';

/** The id of the language, and of the debugger type. */
export const languageId = 'tcpscript';

/**
 * The name by which the debug adapter knows a document: a plain path for a file on disk, else the whole URI
 * (`untitled:Untitled-1`, `vscode-vfs://github/...`). VS Code names a source to an adapter in the same way.
 */
export function programOf(uri: vscode.Uri): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.toString();
}

/** The document that `program` names; the inverse of `programOf`. */
export function uriOf(program: string): vscode.Uri {
  return /^[a-z][a-z0-9+.-]+:/i.test(program) ? vscode.Uri.parse(program) : vscode.Uri.file(program);
}

/**
 * The text of a script as the user sees it: unsaved edits count. Works for untitled and virtual documents too.
 * Rejects when there is no such file.
 */
export async function readScript(program: string): Promise<string> {
  const uri = uriOf(program);
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open !== undefined) return open.getText();
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

/**
 * The script that the user looks at: the one in the active editor, or, while the focus is elsewhere (in the panel,
 * say), the first one in sight.
 */
export function activeScript(): vscode.Uri | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  const editors = activeTextEditor === undefined ? visibleTextEditors : [activeTextEditor];
  return editors.find(({ document }) => document.languageId === languageId)?.document.uri;
}
