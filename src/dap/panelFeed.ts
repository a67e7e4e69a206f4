import type { HostMessage } from '../protocol/messages';
import { extendRun, projectRun } from '../protocol/project';
import type { MomentView } from '../protocol/view';
import type { Session } from '../session/session';

/** So many moments make a message of one or two megabytes. */
const PORTION_MOMENTS = 2_000;

/** Keeps a panel in step with a session: the whole run once, then only what is new. */
export class PanelFeed {
  private readonly session: Session;
  /** How many moments the panel knows; null before it knows any. */
  private known: number | null = null;

  constructor(session: Session) {
    this.session = session;
  }

  /** Whether so much is new that the panel should not wait for the next stop. */
  get isFarBehind(): boolean {
    return this.session.momentCount - (this.known ?? 0) >= PORTION_MOMENTS;
  }

  /** The whole run: for a panel that has just been opened. */
  whole(moment: MomentView): Extract<HostMessage, { type: 'run' }> {
    this.known = this.session.momentCount;
    return { type: 'run', view: projectRun(this.session), moment };
  }

  /** The least that brings the panel up to date. */
  update(moment: MomentView): HostMessage {
    const { known, session } = this;
    if (known === null) return this.whole(moment);
    if (known === session.momentCount) return { type: 'moment', moment };
    this.known = session.momentCount;
    return { type: 'extend', extension: extendRun(session, known), moment };
  }
}
