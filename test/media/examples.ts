import { projectMoment, projectRun } from '../../src/protocol/project';
import type { MomentView, RunView } from '../../src/protocol/view';
import { example } from '../script/support';
import { finished } from '../session/support';

/** What the panel is told. */
export interface ShownRun {
  readonly run: RunView;
  readonly moment: MomentView;
}

/** The first scenario of an example, run to its end, as the panel is told of it; it stands at `index`, or at the end. */
export function exampleRun(name: string, index?: number): ShownRun {
  return scriptRun(example(name), index);
}

/** The same of a script. */
export function scriptRun(text: string, index?: number): ShownRun {
  const session = finished(text);
  session.travel(index ?? session.momentCount - 1);
  return { run: projectRun(session), moment: projectMoment(session) };
}
