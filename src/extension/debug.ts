import * as vscode from 'vscode';
import { TcpscriptDebugSession } from '../dap/adapter';
import type { DapHost } from '../dap/host';
import { loadScript, readLaunchArguments, ScriptError } from '../dap/launch';
import { activeScript, languageId, programOf, readScript } from './documents';
import type { RunningScripts } from './runningScripts';

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

  async resolveDebugConfigurationWithSubstitutedVariables(folder, given) {
    const configuration = { ...given, program: absolute(folder, String(given.program)) };
    return (await canRun(configuration)) ? configuration : undefined;
  },
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
function adaptersOf(scripts: RunningScripts): vscode.DebugAdapterDescriptorFactory {
  return {
    createDebugAdapterDescriptor: (session) => {
      const readText = async (program: string): Promise<string> => {
        const text = await readScript(program);
        scripts.read(session, program, text);
        return text;
      };
      return new vscode.DebugAdapterInlineImplementation(new TcpscriptDebugSession({ ...host, readText }));
    },
  };
}

const host: DapHost = { readText: readScript, nowMs: () => performance.now() };

/**
 * Whether a script can run. What is wrong with it stands in the Problems view, which is shown, and is said once: begun all
 * the same, the session would be refused with a dialog that offers to open a launch.json, where nothing is wrong.
 */
async function canRun(configuration: vscode.DebugConfiguration): Promise<boolean> {
  try {
    await loadScript(host, readLaunchArguments(configuration));
  } catch (error) {
    // Whatever else is wrong is the configuration's fault, and the session says so when it begins.
    if (!(error instanceof ScriptError)) return true;
    await vscode.commands.executeCommand('workbench.actions.view.problems');
    void vscode.window.showErrorMessage(error.message);
    return false;
  }
  return true;
}

/** What the debugger evaluates under the mouse: `client.SND.NXT` as one name, dots and dashes included. */
const evaluatable: vscode.EvaluatableExpressionProvider = {
  provideEvaluatableExpression(document, position) {
    const range = document.getWordRangeAtPosition(position, /[\p{L}_][\p{L}\p{N}_-]*(\.[\p{L}_][\p{L}\p{N}_-]*)*/u);
    return range === undefined ? undefined : new vscode.EvaluatableExpression(range);
  },
};

/** Everything that makes scripts debuggable. */
export function registerDebugger(scripts: RunningScripts): vscode.Disposable {
  const { Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
  return vscode.Disposable.from(
    vscode.debug.registerDebugConfigurationProvider(languageId, configurations),
    vscode.debug.registerDebugConfigurationProvider(
      languageId,
      { provideDebugConfigurations: () => [openScript] },
      Dynamic,
    ),
    vscode.debug.registerDebugAdapterDescriptorFactory(languageId, adaptersOf(scripts)),
    vscode.languages.registerEvaluatableExpressionProvider({ language: languageId }, evaluatable),
  );
}
