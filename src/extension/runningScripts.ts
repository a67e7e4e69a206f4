import * as vscode from 'vscode';
import { uriOf } from './documents';

interface RunningScript {
  readonly session: vscode.DebugSession;
  readonly uri: string;
  /** The text that runs. */
  readonly text: string;
  /** Whether the editor shows another one. */
  changed: boolean;
}

/**
 * Remembers of each debug session which text it runs, and tells when the editor shows another one: the run goes on with the
 * old text, so its lines are not the lines that one sees any more.
 */
export class RunningScripts implements vscode.Disposable {
  private readonly scripts = new Map<string, RunningScript>();
  private readonly changes = new vscode.EventEmitter<vscode.DebugSession>();
  private readonly registrations = vscode.Disposable.from(
    this.changes,
    vscode.workspace.onDidChangeTextDocument(({ document }) => this.edited(document)),
    vscode.debug.onDidTerminateDebugSession(({ id }) => this.scripts.delete(id)),
  );

  /** A session's script was changed, or is again what runs. */
  readonly onDidChange = this.changes.event;

  dispose(): void {
    this.registrations.dispose();
  }

  /** A session has read a text; it counts when it is that of its script. */
  read(session: vscode.DebugSession, program: string, text: string): void {
    if (program !== session.configuration.program) return;
    const before = this.scripts.get(session.id);
    this.scripts.set(session.id, { session, uri: uriOf(program).toString(), text, changed: false });
    if (before?.changed === true) this.changes.fire(session);
  }

  /** Whether the editor shows another text than the one that this session runs. */
  isChanged(session: vscode.DebugSession): boolean {
    return this.scripts.get(session.id)?.changed === true;
  }

  private edited(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    for (const script of this.scripts.values()) {
      if (script.uri !== uri) continue;
      const changed = document.getText() !== script.text;
      if (changed === script.changed) continue;
      script.changed = changed;
      this.changes.fire(script.session);
    }
  }
}
