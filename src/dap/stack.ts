import type { MomentView } from '../protocol/view';
import type { ScenarioProgram, Span, Statement } from '../script/program';
import { causeText } from '../session/causes';
import type { Moment, MomentKind } from '../session/moment';

/** One frame of the call stack, innermost first. */
export interface Frame {
  readonly name: string;
  /** Where it stands in the script; null when it stands nowhere, as before the first statement. */
  readonly span: Span | null;
  /** `label` for frames that are no place in the script: the client shows them, but does not go there. */
  readonly hint: 'normal' | 'subtle' | 'label';
}

/** What the stack needs of a session. */
export interface StackSource {
  readonly scenario: ScenarioProgram;
  readonly position: number;
  /** The first moment that is known. */
  readonly firstMoment: number;
  moment(index: number): Moment;
}

const STANDS_BEFORE: ReadonlySet<MomentKind> = new Set<MomentKind>(['start', 'statement']);

/**
 * The call stack at the moment where `session` stands: the event, if it stands at one; the statement during which it
 * happened; for the body of an `at` or `on`, the line that set it up and the line at which the script itself stands.
 */
export function framesOf(session: StackSource, view: MomentView): Frame[] {
  const moment = session.moment(session.position);
  const span = moment.statement?.span ?? lastSpan(session);
  const frames: Frame[] = [];
  // VS Code goes to the first frame that is not subtle; at the end of a run the event is the only one.
  const hint = moment.statement === null ? 'normal' : 'subtle';
  if (!STANDS_BEFORE.has(moment.kind)) frames.push({ name: eventName(moment, view), span, hint });
  if (moment.statement !== null) frames.push({ name: moment.statement.text, span, hint: 'normal' });
  for (const frame of handlerFrames(session, moment)) frames.push(frame);
  return frames.length === 0 ? [{ name: moment.title, span, hint: 'normal' }] : frames;
}

function eventName(moment: Moment, view: MomentView): string {
  const { cause } = moment;
  const reference = (cause === null ? view.causes[0] : causeText(cause))?.reference ?? null;
  return reference === null ? moment.title : `${moment.title} (${reference})`;
}

function handlerFrames(session: StackSource, { thread, index }: Moment): Frame[] {
  if (thread.kind === 'script') return [];
  const handler = statementAt(session.scenario.body, thread.line);
  const frames: Frame[] = [{ name: handler?.text ?? thread.kind, span: handler?.span ?? null, hint: 'normal' }];
  const script = lastStatementOfScript(session, index);
  if (script !== null) frames.push({ name: script.text, span: script.span, hint: 'normal' });
  return frames;
}

function statementAt(body: readonly Statement[], line: number): Statement | undefined {
  for (const statement of body) {
    if (statement.span.line === line && (statement.kind === 'at' || statement.kind === 'on')) return statement;
    const inner = statement.kind === 'at' || statement.kind === 'on' ? statementAt(statement.body, line) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function lastStatementOfScript(session: StackSource, before: number): Moment['statement'] {
  for (let index = before - 1; index >= session.firstMoment; index--) {
    const moment = session.moment(index);
    if (moment.kind === 'statement' && moment.thread.kind === 'script') return moment.statement;
  }
  return null;
}

/** At the end of a run nothing is about to happen: the editor goes on showing the line that ran last. Before the first line it shows that one. */
function lastSpan(session: StackSource): Span | null {
  for (let index = session.position; index >= session.firstMoment; index--) {
    const { statement } = session.moment(index);
    if (statement !== null) return statement.span;
  }
  return session.scenario.body[0]?.span ?? null;
}
