import * as vscode from 'vscode';

/** The folder that the hosts have open: a copy of `test/host/workspace`. */
export function workspaceFolder(): vscode.WorkspaceFolder {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) throw new Error('No folder is open.');
  return folder;
}

/** Opens a script of the workspace in an editor. */
export async function openScript(name: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(workspaceFolder().uri, name));
  await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  return document;
}

/** Opens a new, unsaved script in an editor. */
export async function openText(content: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ language: 'tcpscript', content });
  // VS Code may give the new document the backup of a thrown-away one that had the same name.
  if (document.getText() !== content) {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), content);
    await vscode.workspace.applyEdit(edit);
  }
  await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  return document;
}

/** Closes every editor; what is not saved is thrown away. */
export async function closeAll(): Promise<void> {
  for (const { tabs } of vscode.window.tabGroups.all) {
    for (const { input, isDirty } of tabs) {
      if (!isDirty || !(input instanceof vscode.TabInputText)) continue;
      await vscode.window.showTextDocument(input.uri, { viewColumn: vscode.ViewColumn.One });
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    }
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  // The next unsaved document gets the name of this one: it must not be opened before this one is gone.
  await when(vscode.workspace.onDidCloseTextDocument, () => (unsaved().length === 0 ? true : undefined), unsavedNames);
}

const unsaved = (): vscode.TextDocument[] => vscode.workspace.textDocuments.filter(({ isUntitled }) => isUntitled);
const unsavedNames = (): string => `open are still ${unsaved().map(({ uri }) => uri.toString())}`;

/** Less than the timeout of a test, so that what was seen instead is told. */
const patienceMs = 20_000;

/**
 * Waits until `read` gives a value: it is read now, and again whenever `event` fires.
 * Rejects with the words of `seen` when it does not come.
 */
export function when<T>(event: vscode.Event<unknown>, read: () => T | undefined, seen: () => string): Promise<T> {
  return new Promise((resolve, reject) => {
    const first = read();
    if (first !== undefined) {
      resolve(first);
      return;
    }
    const timer = setTimeout(() => {
      registration.dispose();
      reject(new Error(`It did not come. Instead: ${seen()}`));
    }, patienceMs);
    const registration = event(() => {
      const value = read();
      if (value === undefined) return;
      clearTimeout(timer);
      registration.dispose();
      resolve(value);
    });
  });
}

function describeDiagnostics(uri: vscode.Uri): string {
  const found = vscode.languages.getDiagnostics(uri).map(({ range, message }) => `${range.start.line + 1}: ${message}`);
  const open = vscode.workspace.textDocuments.map((document) => `${document.uri} (${document.languageId})`);
  return `${uri} has ${JSON.stringify(found)}; open are ${open.join(', ')}`;
}

/** The diagnostics of a document as soon as there are at least `least`. */
export function diagnosticsOf(uri: vscode.Uri, least = 1): Promise<readonly vscode.Diagnostic[]> {
  const read = (): readonly vscode.Diagnostic[] | undefined => {
    const found = vscode.languages.getDiagnostics(uri);
    return found.length >= least ? found : undefined;
  };
  return when(vscode.languages.onDidChangeDiagnostics, read, () => describeDiagnostics(uri));
}

/** Waits until a document has no diagnostic left. */
export function cleanOf(uri: vscode.Uri): Promise<true> {
  const read = (): true | undefined => (vscode.languages.getDiagnostics(uri).length === 0 ? true : undefined);
  return when(vscode.languages.onDidChangeDiagnostics, read, () => describeDiagnostics(uri));
}

/** Where `text` stands in a document: the position just behind its first occurrence. */
export function behind(document: vscode.TextDocument, text: string): vscode.Position {
  const offset = document.getText().indexOf(text);
  if (offset < 0) throw new Error(`"${text}" is not in the document.`);
  return document.positionAt(offset + text.length);
}
