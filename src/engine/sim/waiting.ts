import { parseActor } from '../actor';
import { formatTimeUs } from '../formatTime';
import type { WaitingReason } from '../tcp/whyNot';
import { whyNot } from '../tcp/whyNot';
import { getRecord } from './records';
import type { World } from './state';
import { connection, hostNames, inFlightTowards } from './world';

/**
 * Why a host, or one connection of it (`server:bob`), sends nothing now: what keeps its TCP from sending, and what the
 * network has still to bring to it. Never
 * empty. An unknown name is a bug of the caller: throws.
 */
export function waitingReasons(world: World, actor: string): readonly WaitingReason[] {
  return [
    ...whyNot(connection(world, actor), world.timeUs),
    ...inFlight(world, actor),
    ...held(world, parseActor(actor).host),
  ];
}

function inFlight(world: World, actor: string): WaitingReason[] {
  const coming = inFlightTowards(world, actor);
  const [first] = coming;
  if (first === undefined) return [];
  const { from, arriveUs } = getRecord(world.records, first);
  const when = arriveUs === null ? '' : ` at ${formatTimeUs(arriveUs)}`;
  const more = coming.length === 1 ? '' : `, and ${coming.length - 1} more after it`;
  return [
    {
      rule: 'wait-in-flight',
      holds: 'nothing',
      text: `A segment from ${from} is on its way and arrives${when}${more}.`,
      numbers: { segments: coming.length },
      untilUs: arriveUs,
    },
  ];
}

function held(world: World, host: string): WaitingReason[] {
  const names = hostNames(world);
  const to = names.indexOf(host);
  return names.flatMap((name, from): WaitingReason[] => {
    const link = world.links[from * names.length + to];
    const count = link?.held.length ?? 0;
    if (count === 0) return [];
    const by = link?.hold?.line == null ? '' : ` by line ${link.hold.line}`;
    return [
      {
        rule: 'wait-held',
        holds: 'nothing',
        text: `${count} ${count === 1 ? 'segment' : 'segments'} from ${name} ${count === 1 ? 'is' : 'are'} held${by}.`,
        numbers: { segments: count },
        untilUs: null,
      },
    ];
  });
}
