import * as vscode from 'vscode';
import {
  DAP_CUSTOM,
  type HostMessage,
  type PanelMessage,
  type PanelStep,
  readHostMessage,
  readPanelMessage,
} from '../protocol/messages';
import { languageId, uriOf } from './documents';
import { panelHtml } from './panelHtml';

const viewType = 'tcpscript.panel';

/** How long after a stop VS Code may still give the focus to the editor, in milliseconds. */
const focusGraceMs = 500;

/** The request by which each of the panel's steps is asked of the adapter; those of the protocol itself name a thread. */
const stepRequests: Readonly<Record<PanelStep, { readonly request: string; readonly ofThread: boolean }>> = {
  stepIn: { request: 'stepIn', ofThread: true },
  next: { request: 'next', ofThread: true },
  stepBack: { request: 'stepBack', ofThread: true },
  continue: { request: 'continue', ofThread: true },
  reverseContinue: { request: 'reverseContinue', ofThread: true },
  stepBackEvent: { request: DAP_CUSTOM.stepBackEvent, ofThread: false },
};

async function firstThread(session: vscode.DebugSession): Promise<number> {
  const answer: { threads?: readonly { id: number }[] } = await session.customRequest('threads');
  const thread = answer.threads?.[0];
  if (thread === undefined) throw new Error('The debug session has no thread.');
  return thread.id;
}

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
  /**
   * Until when (in milliseconds of `performance.now`) the focus is taken back from the editor, to which VS Code gives it
   * at every stop: infinite from the moment when a step is asked for in the panel until the debugger stands.
   */
  private keepsFocusUntilMs = 0;
  private readonly registrations: vscode.Disposable;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.registrations = vscode.Disposable.from(
      vscode.debug.onDidStartDebugSession((session) => this.sessionStarted(session)),
      vscode.debug.onDidTerminateDebugSession((session) => this.sessionEnded(session)),
      vscode.debug.onDidReceiveDebugSessionCustomEvent((event) => this.sessionSpoke(event)),
      vscode.debug.onDidChangeActiveStackItem((item) => this.sessionStands(item)),
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
    this.keepsFocusUntilMs = 0;
    this.post({ type: 'ended' });
  }

  private sessionSpoke({ session, event, body }: vscode.DebugSessionCustomEvent): void {
    if (event !== DAP_CUSTOM.panel || session.id !== this.session?.id) return;
    this.forward(body);
  }

  private sessionStands(item: vscode.DebugThread | vscode.DebugStackFrame | undefined): void {
    if (!(item instanceof vscode.DebugStackFrame) || item.session.id !== this.session?.id) return;
    this.keepsFocusUntilMs = Math.min(this.keepsFocusUntilMs, performance.now() + focusGraceMs);
  }

  private panelLostFocus(): void {
    if (performance.now() > this.keepsFocusUntilMs) return;
    // VS Code may take it more than once for one stop; somebody who clicks into the editor later gets it.
    this.keepsFocusUntilMs = Math.min(this.keepsFocusUntilMs, performance.now() + focusGraceMs);
    this.webviewPanel?.reveal(undefined, false);
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
    panel.onDidChangeViewState(({ webviewPanel }) => {
      if (!webviewPanel.active) this.panelLostFocus();
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
        this.keepsFocusUntilMs = Number.POSITIVE_INFINITY;
        await session.customRequest(DAP_CUSTOM.travel, { moment: message.moment });
        return;
      case 'reveal':
        return revealLine(uriOf(String(session.configuration.program)), message.line);
      case 'step': {
        this.keepsFocusUntilMs = Number.POSITIVE_INFINITY;
        const { request, ofThread } = stepRequests[message.step];
        await session.customRequest(request, ofThread ? { threadId: await firstThread(session) } : undefined);
        return;
      }
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
