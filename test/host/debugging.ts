import type { DebugProtocol } from '@vscode/debugprotocol';
import * as vscode from 'vscode';
import { when } from './support';

/** What the client sees of the stack when the adapter has stopped. */
export interface Stop {
  readonly reason: string;
  /** What the adapter says beside the reason. */
  readonly description: string;
  /** The line (1-based) of the top frame. */
  readonly line: number;
  readonly frames: readonly DebugProtocol.StackFrame[];
}

/** A debug session as a test drives it: by the editor's own commands, watching what the adapter answers. */
export class DebugDriver implements vscode.Disposable {
  private readonly events: Pick<DebugProtocol.Event, 'event' | 'body'>[] = [];
  private readonly arrived = new vscode.EventEmitter<void>();
  private readonly registration: vscode.Disposable;
  private readonly begun: vscode.DebugSession[] = [];
  private readonly asked: { readonly session: string; readonly command: string }[] = [];
  private taken = 0;

  constructor() {
    const heard = (event: Pick<DebugProtocol.Event, 'event' | 'body'>): void => {
      this.events.push(event);
      this.arrived.fire();
    };
    this.registration = vscode.debug.registerDebugAdapterTrackerFactory('tcpscript', {
      createDebugAdapterTracker: (session) => ({
        onWillStartSession: () => {
          this.begun.push(session);
        },
        onWillReceiveMessage: ({ command }: DebugProtocol.Request) => {
          this.asked.push({ session: session.id, command });
          this.arrived.fire();
        },
        onDidSendMessage: (message: DebugProtocol.ProtocolMessage) => {
          if (message.type === 'event') heard(message as DebugProtocol.Event);
        },
      }),
    });
  }

  dispose(): void {
    this.registration.dispose();
    this.arrived.dispose();
  }

  /** Every session that has begun. */
  get sessions(): readonly vscode.DebugSession[] {
    return this.begun;
  }

  /** How often a session has been sent this request. */
  requests(session: vscode.DebugSession | undefined, command: string): number {
    return this.asked.filter((one) => one.session === session?.id && one.command === command).length;
  }

  /** Fires when an adapter says something, or is asked. */
  get onDidHear(): vscode.Event<void> {
    return this.arrived.event;
  }

  /** The session that is being debugged. */
  get session(): vscode.DebugSession {
    const session = vscode.debug.activeDebugSession;
    if (session === undefined) throw new Error('Nothing is being debugged.');
    return session;
  }

  /** Waits for the next event of this name; each event is given out once, and the ones before it are passed over. */
  event(name: string): Promise<Pick<DebugProtocol.Event, 'event' | 'body'>> {
    return new Promise((resolve) => {
      const attempt = (): boolean => {
        const index = this.events.findIndex((event, at) => at >= this.taken && event.event === name);
        const found = this.events[index];
        if (found === undefined) return false;
        this.taken = index + 1;
        resolve(found);
        return true;
      };
      if (attempt()) return;
      const waiting = this.arrived.event(() => {
        if (attempt()) waiting.dispose();
      });
    });
  }

  /** Waits for the adapter to stop and returns where. */
  async stop(): Promise<Stop> {
    const { body }: { body?: DebugProtocol.StoppedEvent['body'] } = await this.event('stopped');
    if (body === undefined) throw new Error('The adapter stopped without a reason.');
    const answer: DebugProtocol.StackTraceResponse['body'] = await this.session.customRequest('stackTrace', {
      threadId: body.threadId ?? 1,
    });
    const line = answer.stackFrames[0]?.line ?? 0;
    const description = [body.description, body.text].filter((text) => text !== undefined).join(' ');
    return { reason: body.reason, description, line, frames: answer.stackFrames };
  }

  /**
   * Presses one of the debugger's buttons (`stepOver`, `continue`, …). The editor ignores its buttons until it shows
   * the place where the adapter stopped: that is waited for.
   */
  async push(button: string): Promise<void> {
    await when(
      vscode.debug.onDidChangeActiveStackItem,
      () => (vscode.debug.activeStackItem instanceof vscode.DebugStackFrame ? true : undefined),
      () => `the active stack item is ${JSON.stringify(vscode.debug.activeStackItem)}`,
    );
    await vscode.commands.executeCommand(`workbench.action.debug.${button}`);
  }

  /** Presses one of the debugger's buttons, and waits for the next stop. */
  async press(button: string): Promise<Stop> {
    await this.push(button);
    return this.stop();
  }

  /** The variables of one scope of the top frame, by name. */
  async variables(scope: string): Promise<ReadonlyMap<string, string>> {
    const { stackFrames } = await this.session.customRequest('stackTrace', { threadId: 1 });
    const { scopes } = await this.session.customRequest('scopes', { frameId: stackFrames[0].id });
    const wanted = (scopes as DebugProtocol.Scope[]).find(({ name }) => name === scope);
    if (wanted === undefined) throw new Error(`No scope "${scope}" among ${JSON.stringify(scopes)}.`);
    return this.children(wanted.variablesReference);
  }

  private async children(variablesReference: number): Promise<ReadonlyMap<string, string>> {
    const answer: DebugProtocol.VariablesResponse['body'] = await this.session.customRequest('variables', {
      variablesReference,
    });
    const found = new Map<string, string>();
    for (const variable of answer.variables) {
      found.set(variable.name, variable.value);
      if (variable.variablesReference === 0) continue;
      for (const [name, value] of await this.children(variable.variablesReference)) found.set(name, value);
    }
    return found;
  }

  /** Evaluates an expression at the top frame. */
  async evaluate(expression: string): Promise<string> {
    const { stackFrames } = await this.session.customRequest('stackTrace', { threadId: 1 });
    const frameId: number = stackFrames[0].id;
    const answer = await this.session.customRequest('evaluate', { expression, frameId, context: 'hover' });
    return answer.result;
  }

  /** Ends whatever is being debugged. */
  async end(): Promise<void> {
    if (vscode.debug.activeDebugSession === undefined) return;
    const ended = new Promise<void>((resolve) => {
      const registration = vscode.debug.onDidTerminateDebugSession(() => {
        registration.dispose();
        resolve();
      });
    });
    await vscode.debug.stopDebugging();
    await ended;
  }
}
