import type { DebugProtocol } from '@vscode/debugprotocol';
import type { SegmentRecord } from '../engine/events';
import type { HostView, MomentView, VariableView, WaitingView } from '../protocol/view';
import { type Because, becauseLine } from '../session/because';
import type { Check } from '../session/moment';
import { segmentTitle } from '../session/titles';
import { formatTimeUs } from '../session/values';
import type { Handles } from './handles';

/** Makes the variables of a scope or of a variable that can be opened, when the client asks for them. */
export type Expand = () => DebugProtocol.Variable[];

/** What the variables are made of. */
export interface VariableSource {
  readonly view: MomentView;
  readonly momentCount: number;
  readonly finished: boolean;
  readonly outcome: string | null;
  /** Verdicts up to this moment. */
  readonly checks: readonly Check[];
  record(id: number): SegmentRecord;
  /** The chain of causes of the last thing that happened at a host, one sentence a link. */
  chain(host: string): readonly Because[];
}

/** How the state of a host is called among its variables. */
export const STATE_NAME = 'state';

/** Variable groups that stand open in a host's scope: RFC 9293 section 3.3.1 lists them as the TCB. */
const OPEN_GROUPS: ReadonlySet<string> = new Set(['Send', 'Receive']);

/** The scopes at a moment: one for each host, then the network, the timers and the run itself. */
export function scopesOf(source: VariableSource, handles: Handles<Expand>): DebugProtocol.Scope[] {
  const scope = (name: string, expand: Expand): DebugProtocol.Scope => ({
    name,
    variablesReference: handles.create(expand),
    expensive: false,
  });
  return [
    ...source.view.hosts.map((host) => scope(host.name, () => hostVariables(host, handles, source))),
    scope('Segments in flight', () => segmentVariables(source, handles)),
    scope('Timers', () => timerVariables(source)),
    scope('Run', () => runVariables(source, handles)),
  ];
}

/** A host's state and TCB by their RFC names; what is not in RFC 9293's own lists is in groups. */
export function hostVariables(
  host: HostView,
  handles: Handles<Expand>,
  source: Pick<VariableSource, 'chain'>,
): DebugProtocol.Variable[] {
  const groups = new Map<string, VariableView[]>();
  const variables: DebugProtocol.Variable[] = [stateVariable(host)];
  for (const variable of host.variables) {
    if (OPEN_GROUPS.has(variable.group)) variables.push(tcbVariable(host.name, variable));
    else groups.set(variable.group, [...(groups.get(variable.group) ?? []), variable]);
  }
  for (const [group, members] of groups) {
    variables.push({
      name: group,
      value: summary(members),
      variablesReference: handles.create(() => members.map((member) => tcbVariable(host.name, member))),
      presentationHint: { kind: 'virtual', attributes: ['readOnly'] },
    });
  }
  return [...variables, ...whyVariables(host, handles, source)];
}

/** Why nothing is sent now, and why the last thing happened: groups that open. */
function whyVariables(
  host: HostView,
  handles: Handles<Expand>,
  source: Pick<VariableSource, 'chain'>,
): DebugProtocol.Variable[] {
  const group = (name: string, value: string, expand: Expand): DebugProtocol.Variable => ({
    name,
    value,
    variablesReference: handles.create(expand),
    presentationHint: { kind: 'virtual', attributes: ['readOnly'] },
  });
  return [
    group('Why nothing is sent', host.waiting[0]?.text ?? '', () => host.waiting.map(waitingVariable)),
    group('Why the last event', '', () => {
      const chain = source.chain(host.name);
      return chain.length === 0 ? [plain('(none)', 'nothing has happened here lately')] : chain.map(becauseVariable);
    }),
  ];
}

function waitingVariable({ text, says, reference, requirement }: WaitingView, index: number): DebugProtocol.Variable {
  const source = [reference, requirement].filter((part) => part !== null).join(', ');
  return { ...plain(`reason ${index + 1}`, text), type: source === '' ? says : `${says} (${source})` };
}

function becauseVariable(because: Because, index: number): DebugProtocol.Variable {
  const name = index === 0 ? 'this' : `because ${index}`;
  return { ...plain(name, because.what), type: becauseLine(because) };
}

function stateVariable(host: HostView): DebugProtocol.Variable {
  const was = host.previousState === null ? '' : `; it was ${host.previousState} before this step`;
  return {
    name: STATE_NAME,
    value: host.state,
    type: `the state of the connection, RFC 9293 3.3.2${was}`,
    evaluateName: host.name,
    variablesReference: 0,
    presentationHint: { kind: 'property', attributes: ['readOnly'] },
  };
}

/** The doc stands where clients show a type: VS Code shows it when the mouse is over the name. */
function tcbVariable(host: string, variable: VariableView): DebugProtocol.Variable {
  const section = variable.section === null ? '' : ` (${variable.section})`;
  const was = variable.previous === null ? '' : `; it was ${variable.previous} before this step`;
  return {
    name: variable.name,
    value: variable.value,
    type: `${variable.doc.replace(/\.$/, '')}${section}${was}`,
    evaluateName: `${host}.${variable.name}`,
    variablesReference: 0,
    presentationHint: { kind: 'property', attributes: ['readOnly'] },
  };
}

function summary(members: readonly VariableView[]): string {
  const changed = members.filter(({ previous }) => previous !== null).map(({ name }) => name);
  return changed.length === 0 ? '' : `changed: ${changed.join(', ')}`;
}

function segmentVariables({ view, record }: VariableSource, handles: Handles<Expand>): DebugProtocol.Variable[] {
  if (view.inFlight.length === 0) return [plain('(none)', 'no segment is on its way')];
  return view.inFlight.map((id) => {
    const found = record(id);
    const arrival = found.arriveUs === null ? 'is held' : `arrives at ${formatTimeUs(found.arriveUs)}`;
    return {
      name: `#${id} ${found.from} → ${found.to ?? found.segment.destination.address}`,
      value: `${segmentTitle(found.segment)}, ${arrival}`,
      variablesReference: handles.create(() => segmentFields(found)),
      presentationHint: { kind: 'data', attributes: ['readOnly'] },
    };
  });
}

function segmentFields({ segment, timeUs, arriveUs, cause }: SegmentRecord): DebugProtocol.Variable[] {
  return [
    plain('SEG.SEQ', String(segment.seq)),
    plain('SEG.ACK', String(segment.ack)),
    plain('SEG.WND', String(segment.wnd)),
    plain('sent', formatTimeUs(timeUs)),
    plain('arrives', arriveUs === null ? 'not known: it is held' : formatTimeUs(arriveUs)),
    plain('line', cause.line === null ? 'none: a timer sent it' : String(cause.line)),
  ];
}

function timerVariables({ view }: VariableSource): DebugProtocol.Variable[] {
  if (view.timers.length === 0) return [plain('(none)', 'no timer runs')];
  return view.timers.map(({ host, timer, expiresUs }) =>
    plain(`${host} ${timer}`, `expires at ${formatTimeUs(expiresUs)}, in ${formatTimeUs(expiresUs - view.timeUs)}`),
  );
}

function runVariables(source: VariableSource, handles: Handles<Expand>): DebugProtocol.Variable[] {
  const { view, checks } = source;
  const failed = checks.filter(({ ok }) => !ok).length;
  return [
    plain('virtual time', formatTimeUs(view.timeUs)),
    plain('moment', `${view.index} of ${source.momentCount - 1}${source.finished ? '' : ' so far'}`),
    plain('outcome', source.outcome ?? 'not known yet'),
    {
      ...plain('checks', `${checks.length - failed} passed, ${failed} failed`),
      variablesReference: checks.length === 0 ? 0 : handles.create(() => checks.map(checkVariable)),
    },
  ];
}

function checkVariable({ span, ok, text, expected, actual }: Check): DebugProtocol.Variable {
  return plain(`line ${span.line}: ${text}`, ok ? 'passed' : `failed: expected ${expected}, but got ${actual}`);
}

function plain(name: string, value: string): DebugProtocol.Variable {
  return { name, value, variablesReference: 0, presentationHint: { kind: 'data', attributes: ['readOnly'] } };
}
