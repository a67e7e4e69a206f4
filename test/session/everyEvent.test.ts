import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../src/engine/events';
import { NETWORK_RULES } from '../../src/engine/sim/networkRules';
import { connection, connectionsOf, hostNames } from '../../src/engine/sim/world';
import { pendingOutput } from '../../src/engine/tcp/connection';
import { unsentBytes } from '../../src/engine/tcp/windows';
import { compileScript } from '../../src/script';
import { type Because, becauseLine } from '../../src/session/because';
import { chainOf } from '../../src/session/chain';
import { Session } from '../../src/session/session';
import { waitingOf } from '../../src/session/whyNot';
import { scriptOf, WORLDS } from '../properties/worlds';
import { runs } from '../support/runs';

/** Every script that shows something, by its file's name. */
const SCRIPTS: readonly (readonly [name: string, text: string])[] = ['../../examples', '../rfc', '../wire/scripts']
  .map((folder) => path.join(import.meta.dirname, folder))
  .flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.tcpscript'))
      .map((name) => [name, readFileSync(path.join(folder, name), 'utf8')] as const),
  );

/** A chain is bounded: by far longer than any of these scripts needs. */
const MOST = 100_000;
/** Of a run with more events a share is asked about: chains grow with the run. */
const MOST_EVENTS = 600;

function sessionsOf(text: string): Session[] {
  return compileScript(text).program.scenarios.map((scenario) => {
    const session = new Session(scenario, { keep: 'all' });
    session.runToEnd();
    return session;
  });
}

/** What is wrong with a chain; null for nothing. */
function problemOf(chain: readonly Because[]): string | null {
  const last = chain.at(-1);
  if (last === undefined) return 'it is empty';
  if (last.kind !== 'line' && last.kind !== 'start') return 'it ends at no line';
  if (chain.length > MOST || chain.some(({ kind }) => kind === 'more')) return 'it has no end';
  const vague = chain.find(({ reference, line, rule, kind }) => !names(reference, line, rule) && kind !== 'start');
  if (vague !== undefined) return `this link names neither a section nor a line: ${becauseLine(vague)}`;
  const late = chain.find(({ timeUs }, index) => index > 0 && timeUs > (chain[0]?.timeUs ?? 0));
  return late === undefined ? null : `this link comes later: ${becauseLine(late)}`;
}

/** A section, a line, or a rule of the simulated network, which no RFC states and no line asks for. */
function names(reference: string | null, line: number | null, rule: string | null): boolean {
  return reference !== null || line !== null || (rule !== null && Object.hasOwn(NETWORK_RULES, rule));
}

function* eventsOf(session: Session): Generator<readonly [EngineEvent, number]> {
  for (let index = 0; index < session.momentCount; index++)
    for (const event of session.moment(index).events) yield [event, index];
}

/** Asks for the chain of every event of a script, or of a share of them. */
function assertExplained(text: string, mostEvents = MOST_EVENTS): void {
  for (const session of sessionsOf(text)) {
    const all = [...eventsOf(session)];
    const stride = Math.ceil(all.length / mostEvents);
    for (let at = 0; at < all.length; at += stride) {
      const found = all[at];
      if (found === undefined) continue;
      const chain = chainOf(session.chainSource, ...found, MOST);
      const problem = problemOf(chain);
      if (problem !== null)
        throw new Error(`${found[0].kind}: ${problem}\n${chain.map(becauseLine).join('\n')}\n\n${text}`);
    }
  }
}

describe('everything that happens', () => {
  it.each(SCRIPTS)('has a chain back to a line: %s', (_name, text) => {
    assertExplained(text);
  });

  it('has a chain back to a line in random worlds', () => {
    fc.assert(
      fc.property(WORLDS, (world) => assertExplained(scriptOf(world), 60)),
      { numRuns: runs(60), seed: 9293 },
    );
  }, 120_000);

  it('is of all kinds', () => {
    const kinds = new Set<string>();
    for (const [, text] of SCRIPTS)
      for (const session of sessionsOf(text)) for (const [event] of eventsOf(session)) kinds.add(event.kind);
    for (const kind of [
      'call',
      'state',
      'segment-sent',
      'segment-discarded',
      'segment-lost',
      'window',
      'timer-expired',
    ])
      expect([...kinds]).toContain(kind);
  });
});

/** How many moments of a run are looked at. */
const MOST_MOMENTS = 400;

/** Asks each host at every moment why it sends nothing, and looks whether it does. */
function assertReasons(text: string): void {
  for (const session of sessionsOf(text)) {
    for (let moment = 0; moment < Math.min(MOST_MOMENTS, session.momentCount - 1); moment++) {
      session.travel(moment);
      for (const host of hostNames(session.world())) {
        const problem = reasonProblem(session, host);
        if (problem !== null) throw new Error(`${host} at moment ${moment}: ${problem}\n\n${text}`);
      }
    }
  }
}

/** What is wrong with the reasons of a host where the session stands; null for nothing. */
function reasonProblem(session: Session, host: string): string | null {
  const world = session.world();
  const tcb = connection(world, host);
  const reasons = waitingOf(world, host);
  const told = reasons.map(({ rule }) => rule).join(' ');
  const holds = new Set(reasons.map((reason) => reason.holds));
  if (reasons.length === 0) return 'no reason';
  const due = pendingOutput(tcb) !== 'none';
  if (told.includes('wait-due') !== due) return `it is ${due ? '' : 'not '}about to send: ${told}`;
  if (due) return null;
  if (unsentBytes(tcb) > 0 && tcb.state !== 'CLOSED' && !holds.has('data')) return `data waits: ${told}`;
  if (tcb.owed.fin !== null && !holds.has('fin')) return `the FIN waits: ${told}`;
  const owesAck = tcb.owed.ack !== null || Number.isFinite(tcb.timers['delayed-ack']);
  if (owesAck !== holds.has('ack')) return `an ACK is ${owesAck ? '' : 'not '}owed: ${told}`;
  const next = session.moment(session.position + 1);
  const forged = next.events.some((event) => event.kind === 'segment-sent' && event.record.injected);
  const sends = next.kind === 'segment-sent' && next.host === host && !forged;
  return sends && connectionsOf(world, host).length === 1 ? `it sends in the next step: ${told}` : null;
}

describe('whoever does not send', () => {
  it.each(SCRIPTS)('has a reason that says what it holds back, and that is gone when it sends: %s', (_name, text) => {
    assertReasons(text);
  });

  it('has one in random worlds', () => {
    fc.assert(
      fc.property(WORLDS, (world) => assertReasons(scriptOf(world))),
      { numRuns: runs(30), seed: 1122 },
    );
  }, 120_000);
});
