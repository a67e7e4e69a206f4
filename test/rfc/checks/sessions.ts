import { compileScript } from '../../../src/script';
import { Session } from '../../../src/session/session';
import { type Check, same } from './check';

/** The events of a kind in the run of a script. */
function eventsOf(text: string): ReturnType<Session['moment']>['events'] {
  const [scenario] = compileScript(text).program.scenarios;
  if (scenario === undefined) throw new Error('no scenario');
  const session = new Session(scenario);
  session.runToEnd();
  return Array.from({ length: session.momentCount }, (_, index) => session.moment(index)).flatMap(
    ({ events }) => events,
  );
}

/** When the application of a host was told of urgent data, in microseconds. */
function urgentSignals(text: string, host: string): number[] {
  return eventsOf(text).flatMap((event) =>
    event.kind === 'signal' && event.host === host && event.signal === 'urgent data' ? [event.timeUs] : [],
  );
}

const OPEN = 'server listen\nclient connect\nwait until server is ESTABLISHED\n';

/** At the first urgent pointer, and again when it moves on; not for every segment that repeats it. */
function urgentDataIsTold(): void {
  const host = 'host client { mss 1000 }\nhost server { mss 1000, read off }\n';
  const once = `${host}${OPEN}client write 3000 bytes urgent\nrun\n`;
  same('signals for one urgent SEND in three segments', urgentSignals(once, 'server'), [40_000]);
  const twice = `${host}${OPEN}client write 10 bytes urgent\nwait 1s\nclient write 10 bytes urgent\nrun\n`;
  same('signals for two urgent SENDs', urgentSignals(twice, 'server'), [40_000, 1_040_000]);
  same('signals without urgent data', urgentSignals(`${host}${OPEN}client write 10 bytes\nrun\n`, 'server'), []);
}

/** Data, retransmissions, the RST of an ABORT: all bear the address of the SYN. */
function addressStays(): void {
  const text = `${OPEN}drop next data\nclient write 3000 bytes\nserver write 10 bytes\nrun\nclient abort\nclient connect\n`;
  const addresses = { client: new Set<string>(), server: new Set<string>() };
  for (const event of eventsOf(text)) {
    if (event.kind !== 'segment-sent') continue;
    const { from, segment } = event.record;
    if (from === 'client' || from === 'server') addresses[from].add(`${segment.source.address}:${segment.source.port}`);
  }
  same('local addresses of the client', [...addresses.client], ['10.0.0.1:49152']);
  same('local addresses of the server', [...addresses.server], ['10.0.0.2:80']);
}

/** What a run shows that no condition of the language asks for. */
export const SESSION_CHECKS: readonly Check[] = [
  {
    ids: ['MUST-32'],
    title: 'the application is told of urgent data, and again when there is more',
    run: urgentDataIsTold,
  },
  { ids: ['MUST-45'], title: 'all segments of a connection bear its local address', run: addressStays },
];
