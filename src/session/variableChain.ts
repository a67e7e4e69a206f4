/**
 * Chains of causes of values: the step that gave a variable its value, and what had set that off; or, where nothing has
 * changed it since the run began, the line or the profile that it comes from.
 */
import { parseActor } from '../engine/actor';
import type { HostConfig } from '../engine/config';
import { VARIABLES, type Variable } from '../engine/variables';
import type { ScenarioProgram } from '../script/program';
import { type Because, definedLink, type Place, plainLink, ruledLink, shortened } from './because';
import { type ChainSource, chainBehind, MOST_LINKS } from './chain';
import { formatTimeUs, formatValue } from './values';
import { variableKey, type Watched, type Write } from './writes';

/** An option that has a say in a value; `applies` tells whether it has one in this value. */
interface Bearing {
  readonly option: string;
  readonly applies: (watched: Watched, config: HostConfig) => boolean;
}

const always = (): boolean => true;
const atFirst = ({ write }: Watched): boolean => write === null;

/** The options that the value of a variable comes from; of several that apply the first that a line sets counts, else the first. */
const BEARINGS: Readonly<Record<string, readonly Bearing[]>> = {
  ISS: [{ option: 'isn', applies: ({ value }, { isn }) => value === isn }],
  'RCV.MSS': [
    { option: 'mss', applies: always },
    { option: 'mtu', applies: always },
  ],
  PMTU: [{ option: 'mtu', applies: atFirst }],
  'RCV.BUFF': [
    { option: 'rcvbuf', applies: atFirst },
    { option: 'window', applies: atFirst },
  ],
  'RCV.WND': [
    { option: 'window', applies: atFirst },
    { option: 'rcvbuf', applies: atFirst },
  ],
  nagle: [{ option: 'nagle', applies: atFirst }],
  MSL: [{ option: 'msl', applies: always }],
  cwnd: [
    {
      option: 'iw',
      applies: ({ write }) => write?.rule === 'initial-window' || write?.rule === 'initial-window-classic',
    },
  ],
  RTO: [
    { option: 'rto-min', applies: ({ value }, { rtoMinUs }) => value === rtoMinUs },
    { option: 'rto-max', applies: ({ value }, { rtoMaxUs }) => value === rtoMaxUs },
    { option: 'rto-initial', applies: atFirst },
  ],
};

/** The chain of causes of the values of some variables that a run watches: the steps that wrote them, the latest first, and what set that one off. */
export function chainOfVariables(
  source: ChainSource,
  variables: readonly Watched[],
  mostLinks: number = MOST_LINKS,
): readonly Because[] {
  const ordered = [...variables].sort((a, b) => (b.write?.moment ?? -1) - (a.write?.moment ?? -1));
  const [latest] = ordered;
  if (latest === undefined) return [];
  const own = ordered.flatMap((watched) => valueLinks(source.scenario, watched));
  const { write, host } = latest;
  const behind = write === null ? [] : chainBehind(source, stepOf(host, write), mostLinks);
  return shortened([...own, ...behind], mostLinks);
}

/** What gave a variable its value, as one sentence, and the option behind it. */
export function valueLinks(scenario: ScenarioProgram, watched: Watched): readonly Because[] {
  const { host, name, value, write } = watched;
  const variable = VARIABLES[name];
  if (variable === undefined) return [];
  const named = variableKey(host, name);
  const shown = formatValue(value, variable.unit);
  const origin = originText(scenario, watched);
  if (write === null) {
    const what = `${named} is ${shown} since the beginning${origin === null ? ', and nothing has changed it' : `, ${origin.text}`}`;
    const place = { timeUs: 0, moment: null };
    return [plainLink(origin?.line == null ? 'start' : 'line', what, origin?.line ?? null, place)];
  }
  const place = { timeUs: write.timeUs, moment: write.moment };
  const before = write.from === null ? 'becomes' : `goes from ${formatValue(write.from, variable.unit)} to`;
  const what = `${named} ${before} ${shown} at ${formatTimeUs(write.timeUs)}`;
  const link = stepLink(what, write, variable, place);
  if (origin === null) return [link];
  const option = `an option of ${parseActor(host).host} has a say in it, ${origin.text}`;
  return [link, plainLink(origin.line === null ? 'start' : 'line', option, origin.line, { timeUs: 0, moment: null })];
}

function stepLink(what: string, { rule, line }: Write, variable: Variable, place: Place): Because {
  if (rule !== null) return ruledLink('event', what, { rule, line }, place);
  return definedLink('event', what, variable, { ...place, line });
}

function stepOf(host: string, { sent, trigger, line, rule, timeUs, moment }: Write) {
  const cause = { rule: rule ?? 'network-delivers', line, trigger };
  return { host, sent, cause, place: { timeUs, moment } };
}

/** The option that a value comes from, and where that is set. */
interface Origin {
  readonly option: string;
  readonly text: string;
  readonly line: number | null;
}

function originText(scenario: ScenarioProgram, watched: Watched): Origin | null {
  const { host } = parseActor(watched.host);
  const config = scenario.hosts.find(({ name }) => name === host);
  const origin = scenario.hostOrigins.get(host);
  if (config === undefined || origin === undefined) return null;
  const bearing = (BEARINGS[watched.name] ?? []).filter(({ applies }) => applies(watched, config));
  const [first] = bearing;
  if (first === undefined) return null;
  const { optionLines, profile } = origin;
  for (const { option } of bearing) {
    const line = optionLines.get(option);
    if (line !== undefined) return { option, line, text: `set by line ${line} (\`${option}\`)` };
  }
  const line = optionLines.get('profile') ?? null;
  const chosen = line === null ? '' : `, which line ${line} chooses`;
  return { option: first.option, line, text: `a default (\`${first.option}\`) of profile ${profile}${chosen}` };
}
