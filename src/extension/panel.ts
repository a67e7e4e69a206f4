import * as vscode from 'vscode';
import {
  DAP_CUSTOM,
  type HostMessage,
  type PanelMessage,
  readHostMessage,
  readPanelMessage,
} from '../protocol/messages';
import { languageId, uriOf } from './documents';
import { panelHtml } from './panelHtml';
import type { RunningScripts } from './runningScripts';

const viewType = 'tcpscript.panel';

/** Shows a script where it is in sight already, else in a column that the panel does not take; the focus stays where it is. */
async function showScript(program: vscode.Uri, panel: vscode.ViewColumn | undefined): Promise<vscode.TextEditor> {
  const shown = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === program.toString());
  const free = vscode.window.tabGroups.all.find(({ viewColumn }) => viewColumn !== panel);
  const viewColumn = shown?.viewColumn ?? free?.viewColumn ?? vscode.ViewColumn.Beside;
  return vscode.window.showTextDocument(program, { viewColumn, preserveFocus: true });
}

/** Selects a line (1-based) of a script; the focus stays where it is. */
async function revealLine(program: vscode.Uri, line: number, panel: vscode.ViewColumn | undefined): Promise<void> {
  const editor = await showScript(program, panel);
  const { range } = editor.document.lineAt(Math.min(Math.max(line, 1), editor.document.lineCount) - 1);
  editor.selection = new vscode.Selection(range.start, range.end);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** What is said where there is no panel to say it. */
const changedText =
  'The script was changed. This run goes on with the text as it was when the run began: restart to run the new text.';
const restartText = 'Restart';

async function offerRestart(session: vscode.DebugSession): Promise<void> {
  const answer = await vscode.window.showWarningMessage(changedText, restartText);
  if (answer === restartText) await session.customRequest('restart', {});
}

/** Whether a session is one that the panel shows. */
const isShown = ({ type, configuration }: vscode.DebugSession): boolean =>
  type === languageId && configuration.noDebug !== true;

/**
 * The panel beside the editor. It shows one debug session, the one that VS Code is turned to; what it shows stays when
 * that session ends, until it is closed or VS Code turns to another session.
 */
export class Panel implements vscode.Disposable {
  private webviewPanel: vscode.WebviewPanel | undefined;
  private session: vscode.DebugSession | undefined;
  private readonly registrations: vscode.Disposable;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly scripts: RunningScripts,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.registrations = vscode.Disposable.from(
      vscode.debug.onDidStartDebugSession((session) => this.sessionStarted(session)),
      vscode.debug.onDidChangeActiveDebugSession((session) => this.follow(session)),
      scripts.onDidChange((session) => this.scriptChanged(session)),
      vscode.debug.onDidTerminateDebugSession((session) => this.sessionEnded(session)),
      vscode.debug.onDidReceiveDebugSessionCustomEvent((event) => this.sessionSpoke(event)),
      vscode.commands.registerCommand('tcpscript.showPanel', () => this.show()),
    );
  }

  dispose(): void {
    this.registrations.dispose();
    this.webviewPanel?.dispose();
  }

  private sessionStarted(session: vscode.DebugSession): void {
    if (!isShown(session)) return;
    if (this.webviewPanel === undefined) this.show();
    // VS Code stays with the session that it is turned to when another one begins.
    if (this.session === undefined || vscode.debug.activeDebugSession?.id === session.id) this.follow(session);
  }

  private follow(session: vscode.DebugSession | undefined): void {
    if (session === undefined || !isShown(session) || session.id === this.session?.id) return;
    this.session = session;
    this.run(this.sendWholeRun(session));
  }

  private scriptChanged(session: vscode.DebugSession): void {
    if (!isShown(session)) return;
    if (session.id === this.session?.id && this.webviewPanel?.visible === true) this.sendScriptChanged(session);
    else if (this.scripts.isChanged(session)) this.run(offerRestart(session));
  }

  private sessionEnded(session: vscode.DebugSession): void {
    if (session.id !== this.session?.id) return;
    this.session = undefined;
    this.post({ type: 'ended' });
  }

  private sessionSpoke({ session, event, body }: vscode.DebugSessionCustomEvent): void {
    if (event !== DAP_CUSTOM.panel || session.id !== this.session?.id) return;
    this.forward(body);
  }

  private show(): void {
    if (this.webviewPanel !== undefined) {
      this.webviewPanel.reveal(undefined, true);
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      viewType,
      'TCP Sequence Diagram',
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      {
        enableScripts: true,
        retainContextWhenHidden: true,
        localResourceRoots: [vscode.Uri.joinPath(this.extensionUri, 'dist')],
      },
    );
    panel.iconPath = vscode.Uri.joinPath(this.extensionUri, 'media', 'icon-file.svg');
    panel.onDidDispose(() => {
      this.webviewPanel = undefined;
    });
    panel.webview.onDidReceiveMessage((value: unknown) => this.panelSpoke(value));
    panel.webview.html = panelHtml(panel.webview, this.extensionUri);
    this.webviewPanel = panel;
  }

  private panelSpoke(value: unknown): void {
    const message = readPanelMessage(value);
    if (message === null) this.log.warn('The panel sent something that is not a message of its language.', value);
    else this.run(this.obey(message));
  }

  private async obey(message: PanelMessage): Promise<void> {
    const { session } = this;
    if (session === undefined) return;
    switch (message.type) {
      case 'ready':
        return this.sendWholeRun(session);
      case 'restart':
        await session.customRequest('restart', {});
        return;
      case 'travel':
        await this.keepScriptInSight(session);
        await session.customRequest(DAP_CUSTOM.travel, { moment: message.moment });
        return;
      case 'window':
        this.forward(await session.customRequest(DAP_CUSTOM.view, { around: message.around }));
        return;
      case 'reveal':
        await revealLine(uriOf(String(session.configuration.program)), message.line, this.webviewPanel?.viewColumn);
        return;
      case 'step':
        await this.keepScriptInSight(session);
        await session.customRequest(DAP_CUSTOM.step, { step: message.step });
        return;
    }
  }

  private async sendWholeRun(session: vscode.DebugSession): Promise<void> {
    const answer: unknown = await session.customRequest(DAP_CUSTOM.view);
    if (session.id !== this.session?.id) return;
    this.forward(answer);
    this.sendScriptChanged(session);
  }

  private sendScriptChanged(session: vscode.DebugSession): void {
    this.post({ type: 'script', changed: this.scripts.isChanged(session) });
  }

  /** VS Code opens a script that is not in sight in the active group, which is the panel's own while one works in it. */
  private async keepScriptInSight(session: vscode.DebugSession): Promise<void> {
    const program = uriOf(String(session.configuration.program));
    const isOpen = vscode.window.visibleTextEditors.some(
      ({ document }) => document.uri.toString() === program.toString(),
    );
    if (!isOpen) await showScript(program, this.webviewPanel?.viewColumn);
  }

  private forward(value: unknown): void {
    const message = readHostMessage(value);
    if (message === null) this.log.warn('The debug adapter sent something that is not a message for the panel.', value);
    else this.post(message);
  }

  private post(message: HostMessage): void {
    void this.webviewPanel?.webview.postMessage(message);
  }

  /** A request to a session that has just ended is refused: that is no fault, and everything else is written down. */
  private run(work: Promise<void>): void {
    work.catch((error: unknown) => this.log.warn(error instanceof Error ? error.message : String(error)));
  }
}
