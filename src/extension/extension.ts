/** The extension in the Node extension host (desktop VS Code, code-server, Remote). */
import * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { activateShared } from './activate';
import type { CreateClient } from './languageClient';

/** Called by VS Code when a script is opened or debugged. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const module = vscode.Uri.joinPath(context.extensionUri, 'dist', 'languageServer.js').fsPath;
  const transport = TransportKind.ipc;
  const createClient: CreateClient = (options) =>
    new LanguageClient(
      'tcpscript',
      'TCPScript',
      { run: { module, transport }, debug: { module, transport, options: { execArgv: ['--enable-source-maps'] } } },
      options,
    );
  await activateShared(context, createClient);
}
