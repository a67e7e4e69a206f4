/** The extension in the web extension host (vscode.dev, github.dev): the language server is a worker. */
import * as vscode from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { activateShared } from './activate';
import type { CreateClient } from './languageClient';

/** Called by VS Code when a script is opened or debugged. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const script = vscode.Uri.joinPath(context.extensionUri, 'dist', 'web', 'languageServer.js');
  const createClient: CreateClient = (options) =>
    new LanguageClient('tcpscript', 'TCPScript', new Worker(script.toString(true)), options);
  await activateShared(context, createClient);
}
