import { cpSync, globSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { codeServerCommand, quietSettings, startCodeServer } from './codeServer.mjs';
import { must } from './run.mjs';

/** Settings of a VS Code of which pictures are taken: nothing moves, nothing hides what is looked at. */
const calmSettings = {
  ...quietSettings,
  'window.commandCenter': false,
  'workbench.layoutControl.enabled': false,
  'workbench.reduceMotion': 'on',
  'editor.cursorBlinking': 'solid',
  'editor.minimap.enabled': false,
  'editor.occurrencesHighlight': 'off',
  'breadcrumbs.enabled': false,
  'debug.toolBarLocation': 'docked',
};

/**
 * VS Code with the packed extension installed, as a user has it.
 * @param {{ vsix: string, folder: string, files: readonly string[] }} options `folder` takes everything that is
 *   written; `files` are folders of which copies are opened
 */
export async function startInstalled({ vsix, folder, files }) {
  const home = path.join(folder, 'home');
  const workspace = path.join(folder, 'workspace');
  mkdirSync(workspace, { recursive: true });
  for (const each of files) cpSync(each, workspace, { recursive: true });
  const [command, args, env] = codeServerCommand(home, ['--install-extension', vsix]);
  await must(command, args, { env });
  const [, listArgs] = codeServerCommand(home, ['--list-extensions', '--show-versions']);
  const listed = await must(command, listArgs, { env });
  const settings = path.join(home, 'data', 'User', 'settings.json');
  writeFileSync(settings, JSON.stringify(calmSettings));
  const server = await startCodeServer({ home, open: workspace });
  const [extension] = globSync(path.join(home, 'extensions', 'tcpscript.tcpscript-*'));
  if (extension === undefined) throw new Error('The extension was not installed.');
  return { ...server, listed, extension, workspace };
}
