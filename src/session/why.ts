import { parseActor } from '../engine/actor';
import type { EngineEvent } from '../engine/events';
import { hostNames, type World } from '../engine/sim/world';
import { compileWatch } from '../script';
import type { Expression } from '../script/program';
import { isFrom, isTowards } from './actors';
import { type Because, becauseLine } from './because';
import { chainOf, MOST_LINKS } from './chain';
import { causedEvents } from './importance';
import type { Session } from './session';
import { chainOfVariables } from './variableChain';
import { waitingLine, waitingOf } from './whyNot';
import { variablesIn } from './writes';

/** The chain of causes of the event number `index` of a known moment; empty when the moment has no such event. */
export function chainOfEvent(
  session: Session,
  moment: number,
  index: number,
  mostLinks: number = MOST_LINKS,
): readonly Because[] {
  const event = session.moment(moment).events[index];
  return event === undefined ? [] : chainOf(session.chainSource, event, moment, mostLinks);
}

/** The chain of causes of the most telling event of a known moment; empty where nothing happened. */
export function chainOfMoment(session: Session, moment: number, mostLinks: number = MOST_LINKS): readonly Because[] {
  const { events } = session.moment(moment);
  const event = causedEvents(events)[0]?.event ?? events.at(-1);
  return event === undefined ? [] : chainOf(session.chainSource, event, moment, mostLinks);
}

/** How many moments are looked through for one at which something happened. */
const MOST_MOMENTS_BACK = 256;

/** The latest known moment up to `moment` at which something happened; null when there was none. */
export function lastMomentWithEvents(session: Session, moment: number): number | null {
  const first = Math.max(session.firstMoment, moment - MOST_MOMENTS_BACK);
  for (let index = moment; index >= first; index--) if (session.moment(index).events.length > 0) return index;
  return null;
}

/** The chain of causes of the last thing that happened at a host, up to a moment; empty when nothing has, or not lately. */
export function chainOfHost(session: Session, host: string, moment: number): readonly Because[] {
  const first = Math.max(session.firstMoment, moment - MOST_MOMENTS_BACK);
  for (let index = moment; index >= first; index--) {
    const own = session.moment(index).events.filter((event) => isOf(session.world(), event, host));
    const event = causedEvents(own)[0]?.event ?? own.at(-1);
    if (event !== undefined) return chainOf(session.chainSource, event, index);
  }
  return [];
}

function isOf(world: World, event: EngineEvent, actor: string): boolean {
  if (event.kind === 'segment-sent') return isFrom(event.record, actor);
  if (event.kind === 'segment-arrived') return isTowards(world, event.record, actor);
  const { host, peer } = parseActor(actor);
  return 'peer' in event && event.host === host && (peer === null || event.peer === peer);
}

/** The chain of causes of the value that an expression has where the session stands: of each variable in it. Empty for none. */
export function chainOfValue(session: Session, expression: Expression): readonly Because[] {
  const watched = variablesIn(expression).map((variable) => session.watched(variable));
  return chainOfVariables(
    session.chainSource,
    watched.filter((found) => found !== null),
  );
}

/** How one asks why: `why`, `why client`, `why client.cwnd`, `why not`, `why not client?`. */
const QUESTION = /^why(\s+not)?(?:\s+(\S+?))?\s*\?*$/u;

/**
 * The answer to `why` (the last thing that happened), `why client` (the last at this host), `why client.cwnd` (what gave
 * the variable its value), `why not` and `why not client` (what keeps hosts from sending) at the moment where the session stands, one sentence a line; null for any other text.
 */
export function answerWhy(session: Session, text: string): readonly string[] | null {
  const match = QUESTION.exec(text.trim());
  if (match === null) return null;
  const [, not, host] = match;
  const world = session.world();
  const names = hostNames(world);
  if (host !== undefined && !names.includes(parseActor(host).host))
    return not === undefined ? whyValue(session, host) : null;
  if (not === undefined) return chainLines(session, host ?? null);
  return (host === undefined ? names : [host]).flatMap((name) =>
    waitingOf(world, name).map((reason) => `${name}: ${waitingLine(reason)}`),
  );
}

/** Why a variable has its value; null for any other text. */
function whyValue(session: Session, text: string): readonly string[] | null {
  const watch = compileWatch(text, hostNames(session.world()));
  if (!('expression' in watch)) return null;
  const chain = chainOfValue(session, watch.expression);
  return chain.length === 0 ? null : chain.map(becauseLine);
}

function chainLines(session: Session, host: string | null): readonly string[] {
  const moment = lastMomentWithEvents(session, session.position);
  const chain =
    host !== null
      ? chainOfHost(session, host, session.position)
      : moment === null
        ? []
        : chainOfMoment(session, moment);
  return chain.length === 0 ? ['Nothing has happened yet.'] : chain.map(becauseLine);
}
