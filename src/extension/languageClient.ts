import * as vscode from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import { languageId } from './documents';

/** Makes the client of one host: a child process in Node, a worker in the browser. */
export type CreateClient = (options: LanguageClientOptions) => BaseLanguageClient;

/** What the server is told at its start, in the shape of the settings; it asks for later changes by itself. */
function serverSettings(): object {
  const settings = vscode.workspace.getConfiguration(languageId);
  return {
    inlayHints: { states: settings.get('inlayHints.states') },
    run: { maxEvents: settings.get('run.maxEvents'), maxWallMs: settings.get('run.maxWallMs') },
  };
}

/** Starts the language server; it ends with the extension. */
export async function startLanguageClient(context: vscode.ExtensionContext, create: CreateClient): Promise<void> {
  const client = create({
    documentSelector: [{ language: languageId }],
    initializationOptions: serverSettings(),
  });
  context.subscriptions.push(client);
  await client.start();
}
