import { BreakpointEvent, Event, ExitedEvent, TerminatedEvent, ThreadEvent } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { DAP_CUSTOM, type HostMessage } from '../protocol/messages';
import type { Diagnostic } from '../script/diagnosticTypes';
import { diagnosticLine, type Numbering, outputOf } from './clientTerms';
import type { ConsoleLine } from './console';
import type { Stop } from './debuggedRun';
import { ThreadIds } from './threadIds';

/** Whose step led to a stop: the panel's leave the keyboard where it is, all others give it to the script's editor. */
export type AskedBy = 'client' | 'panel';

/** The other end, as far as it is told of something without having asked. */
export class Client {
  readonly threads = new ThreadIds();

  constructor(
    private readonly send: (event: DebugProtocol.Event) => void,
    private readonly numbering: Numbering,
  ) {}

  /** A line for the debug console; with `path`, it leads to its line of that script. */
  say(line: ConsoleLine, path: string | null = null): void {
    this.send(outputOf(line, path, this.numbering));
  }

  /** Lines for the debug console about a script. */
  sayDiagnostics(path: string, diagnostics: readonly Diagnostic[]): void {
    for (const diagnostic of diagnostics) this.say(diagnosticLine(path, diagnostic), path);
  }

  /** A message for the panel. */
  tellPanel(message: HostMessage): void {
    this.send(new Event(DAP_CUSTOM.panel, message));
  }

  /** A breakpoint is somewhere else now. */
  breakpointChanged(breakpoint: DebugProtocol.Breakpoint): void {
    this.send(new BreakpointEvent('changed', breakpoint));
  }

  /** The script stands. */
  stopped(stop: Stop, askedBy: AskedBy): void {
    const { reason, description, text, hitBreakpointIds } = stop;
    const body: DebugProtocol.StoppedEvent['body'] = {
      reason,
      description,
      threadId: askedBy === 'panel' ? this.threads.renew() : this.threads.current,
      allThreadsStopped: true,
      ...(askedBy === 'panel' ? { preserveFocusHint: true } : {}),

      ...(text === undefined ? {} : { text }),
      ...(hitBreakpointIds === undefined ? {} : { hitBreakpointIds: [...hitBreakpointIds] }),
    };
    this.send(new Event('stopped', body));
  }

  /** The client knows the stack of this thread: see {@link ThreadIds}. */
  stackSeen(threadId: number): void {
    if (threadId !== this.threads.current) return;
    for (const old of this.threads.takeOld()) this.send(new ThreadEvent('exited', old));
  }

  /** The script runs, though the client did not ask for it. */
  continued(): void {
    this.send(new Event('continued', { threadId: this.threads.current, allThreadsContinued: true }));
  }

  /** The session is over. */
  terminated(exitCode: number | null): void {
    if (exitCode !== null) this.send(new ExitedEvent(exitCode));
    this.send(new TerminatedEvent());
  }
}
