import * as vscode from 'vscode';
import { TcpscriptDebugSession } from '../dap/adapter';
import { activeScript, languageId, programOf, readScript } from './documents';

// biome-ignore lint/suspicious/noTemplateCurlyInString: the variable is VS Code's, which puts in the path of the open file.
const openFile = '${file}';

const openScript: vscode.DebugConfiguration = {
  type: languageId,
  request: 'launch',
  name: 'Step through the open script',
  program: openFile,
  stopOnEntry: true,
};

/** Makes F5 work on the open script without a launch.json, and completes the configurations of one. */
const configurations: vscode.DebugConfigurationProvider = {
  provideDebugConfigurations: () => [openScript],

  resolveDebugConfiguration(_folder, given) {
    // F5 without a launch.json arrives as a configuration without a type.
    const configuration = { ...openScript, internalConsoleOptions: consoleOf(given), ...given };
    if (given.program !== undefined && given.program !== openFile) return configuration;
    const script = activeScript();
    if (script === undefined) {
      return vscode.window
        .showInformationMessage('Open a .tcpscript file first, then press F5 again.')
        .then(() => undefined);
    }
    return { ...configuration, program: programOf(script) };
  },

  resolveDebugConfigurationWithSubstitutedVariables: (folder, configuration) => ({
    ...configuration,
    program: absolute(folder, String(configuration.program)),
  }),
};

/** While one steps, the panel tells what happens and needs the room; a run to the end has only the console to speak with. */
function consoleOf({ noDebug }: vscode.DebugConfiguration): string {
  return noDebug === true ? 'openOnSessionStart' : 'neverOpen';
}

/** A `program` that is written relative to its folder, as the adapter wants it. */
function absolute(folder: vscode.WorkspaceFolder | undefined, program: string): string {
  const isAbsolute = /^([a-z][a-z0-9+.-]+:|[a-z]:[\\/]|[\\/])/i.test(program);
  return isAbsolute || folder === undefined ? program : programOf(vscode.Uri.joinPath(folder.uri, program));
}

/** The adapter runs in the extension host itself, where it can read unsaved, untitled and virtual documents. */
const adapters: vscode.DebugAdapterDescriptorFactory = {
  createDebugAdapterDescriptor: () =>
    new vscode.DebugAdapterInlineImplementation(
      new TcpscriptDebugSession({ readText: readScript, nowMs: () => performance.now() }),
    ),
};

/** What the debugger evaluates under the mouse: `client.SND.NXT` as one name, dots and dashes included. */
const evaluatable: vscode.EvaluatableExpressionProvider = {
  provideEvaluatableExpression(document, position) {
    const range = document.getWordRangeAtPosition(position, /[\p{L}_][\p{L}\p{N}_-]*(\.[\p{L}_][\p{L}\p{N}_-]*)*/u);
    return range === undefined ? undefined : new vscode.EvaluatableExpression(range);
  },
};

/** Everything that makes scripts debuggable. */
export function registerDebugger(): vscode.Disposable {
  const { Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
  return vscode.Disposable.from(
    vscode.debug.registerDebugConfigurationProvider(languageId, configurations),
    vscode.debug.registerDebugConfigurationProvider(
      languageId,
      { provideDebugConfigurations: () => [openScript] },
      Dynamic,
    ),
    vscode.debug.registerDebugAdapterDescriptorFactory(languageId, adapters),
    vscode.languages.registerEvaluatableExpressionProvider({ language: languageId }, evaluatable),
  );
}
