import * as vscode from 'vscode';
import { registerCommands } from './commands';
import { registerDebugger } from './debug';
import { type CreateClient, startLanguageClient } from './languageClient';
import { Panel } from './panel';
import { RunningScripts } from './runningScripts';

/** What both hosts register; they differ only in how the language server is started. */
export async function activateShared(context: vscode.ExtensionContext, createClient: CreateClient): Promise<void> {
  const log = vscode.window.createOutputChannel('TCPScript Debugger', { log: true });
  const scripts = new RunningScripts();
  const panel = new Panel(context.extensionUri, scripts, log);
  context.subscriptions.push(log, scripts, registerCommands(), registerDebugger(scripts), panel);
  await startLanguageClient(context, createClient);
}
