import * as vscode from 'vscode';
import { registerCommands } from './commands';
import { registerDebugger } from './debug';
import { type CreateClient, startLanguageClient } from './languageClient';
import { Panel } from './panel';

/** What both hosts register; they differ only in how the language server is started. */
export async function activateShared(context: vscode.ExtensionContext, createClient: CreateClient): Promise<void> {
  const log = vscode.window.createOutputChannel('TCPScript Debugger', { log: true });
  context.subscriptions.push(log, registerCommands(), registerDebugger(), new Panel(context.extensionUri, log));
  await startLanguageClient(context, createClient);
}
