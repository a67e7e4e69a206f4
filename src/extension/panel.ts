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

const viewType = 'tcpscript.panel';

/** Selects a line (1-based) of a script, in the editor that already shows it where there is one; focus stays where it is. */
async function revealLine(program: vscode.Uri, line: number): Promise<void> {
  const shown = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === program.toString());
  const viewColumn = shown?.viewColumn ?? vscode.ViewColumn.One;
  const editor = await vscode.window.showTextDocument(program, { viewColumn, preserveFocus: true });
  const { range } = editor.document.lineAt(Math.min(Math.max(line, 1), editor.document.lineCount) - 1);
  editor.selection = new vscode.Selection(range.start, range.end);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/**
 * The panel beside the editor. It shows one debug session, the one started last; what it shows stays when that
 * session ends, until it is closed or the next session begins.
 */
export class Panel implements vscode.Disposable {
  private webviewPanel: vscode.WebviewPanel | undefined;
  private session: vscode.DebugSession | undefined;
  private readonly registrations: vscode.Disposable;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.registrations = vscode.Disposable.from(
      vscode.debug.onDidStartDebugSession((session) => this.sessionStarted(session)),
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
    if (session.type !== languageId || session.configuration.noDebug === true) return;
    this.session = session;
    if (this.webviewPanel === undefined) this.show();
    else this.run(this.sendWholeRun(session));
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
      case 'travel':
        await session.customRequest(DAP_CUSTOM.travel, { moment: message.moment });
        return;
      case 'window':
        this.forward(await session.customRequest(DAP_CUSTOM.view, { around: message.around }));
        return;
      case 'reveal':
        return revealLine(uriOf(String(session.configuration.program)), message.line);
      case 'step':
        await session.customRequest(DAP_CUSTOM.step, { step: message.step });
        return;
    }
  }

  private async sendWholeRun(session: vscode.DebugSession): Promise<void> {
    this.forward(await session.customRequest(DAP_CUSTOM.view));
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
