import type { Client } from './client';
import { type Numbering, stackFrames } from './clientTerms';
import { baseName } from './launch';
import type { Movements } from './movements';
import {
  type Handler,
  optionalIndex,
  optionalText,
  type RawArguments,
  type Reply,
  RequestError,
  requiredIndex,
} from './requests';

/** The requests that ask about the moment where the run stands, and change nothing. */
export class Questions {
  /** The requests by name. */
  readonly handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
    ['threads', () => ({ body: { threads: this.client.threads.all.map((id) => ({ id, name: this.threadName() })) } })],
    ['stackTrace', (args) => this.onStackTrace(args)],
    ['scopes', () => ({ body: { scopes: this.movements.standing().scopes() } })],
    ['variables', (args) => this.onVariables(args)],
    ['evaluate', (args) => this.onEvaluate(args)],
    ['completions', (args) => this.onCompletions(args)],
    ['exceptionInfo', () => ({ body: this.movements.standing().exceptionInfo() })],
  ]);

  constructor(
    private readonly movements: Movements,
    private readonly client: Client,
    private readonly numbering: Numbering,
  ) {}

  private onStackTrace(args: RawArguments): Reply {
    const run = this.movements.standing();
    const frames = stackFrames(run.frames(), run.session.position, run.script.path, this.numbering);
    const start = optionalIndex(args, 'startFrame') ?? 0;
    const levels = optionalIndex(args, 'levels') ?? 0;
    const end = levels === 0 ? frames.length : start + levels;
    return {
      body: { stackFrames: frames.slice(start, end), totalFrames: frames.length },
      after: () => this.client.stackSeen(optionalIndex(args, 'threadId') ?? 0),
    };
  }

  private onVariables(args: RawArguments): Reply {
    return { body: { variables: this.movements.standing().variables(requiredIndex(args, 'variablesReference')) } };
  }

  private onEvaluate(args: RawArguments): Reply {
    const expression = optionalText(args, 'expression') ?? '';
    if (expression.trim() === '') throw new RequestError('There is no expression to evaluate.');
    return { body: this.movements.standing().evaluate(expression) };
  }

  private onCompletions(args: RawArguments): Reply {
    const text = optionalText(args, 'text') ?? '';
    const column = this.numbering.fromColumn(optionalIndex(args, 'column') ?? text.length + 1);
    return { body: { targets: this.movements.standing().completions(text.slice(0, Math.max(0, column - 1))) } };
  }

  private threadName(): string {
    const { run } = this.movements;
    if (run === null) return 'script';
    const { scenario, path } = run.script;
    return scenario.title === '' ? baseName(path) : scenario.title;
  }
}
