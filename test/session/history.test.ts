import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projectMoment, projectRun } from '../../src/protocol/project';
import type { Session, SessionOptions } from '../../src/session/session';
import { finished, HANDSHAKE, reportOf, sessionOf } from './support';

/** A run with everything in it that moments can tell of: losses, timers, bodies, checks, orders to the network. */
function script(seed: number, loss: number, bytes: number): string {
  return `link { seed ${seed}, delay 10ms, loss ${loss}%, jitter 3ms, duplicate 2%, reorder 2% }
${HANDSHAKE}on server receives FIN { wait 20ms; server close }
at 300ms { set link delay 15ms }
drop next data from client
client write ${bytes} bytes
expect server received 12 bytes
wait until server received ${bytes} bytes within 10min
client close
run
`;
}

const CASE = fc.record({
  seed: fc.nat(100_000),
  loss: fc.constantFrom(0, 1, 10),
  bytes: fc.integer({ min: 1, max: 120_000 }),
});

/** All that a run makes known beside its moments. */
function outcomeOf(session: Session) {
  const report = reportOf(session);
  const ids = report.segments.map((_, index) => index + 1);
  return { report, summaries: session.lineSummaries(), moments: ids.map((id) => session.momentsOfSegment(id)) };
}

function momentsOf(session: Session) {
  const indices = Array.from(
    { length: session.momentCount - session.firstMoment },
    (_, at) => session.firstMoment + at,
  );
  return indices.map((index) => session.moment(index));
}

/** A run in which somebody looks at each moment as it is made. */
function looked(text: string, options: SessionOptions = {}): Session {
  const session = sessionOf(text, options);
  while (session.forward()) session.moment(session.position);
  return session;
}

describe('a run is the same, whatever is kept of it', () => {
  it('moment by moment: looked at as it goes, told by a replay, told afterwards, or only the last of it', () => {
    fc.assert(
      fc.property(CASE, ({ seed, loss, bytes }) => {
        const text = script(seed, loss, bytes);
        const whole = looked(text);
        const moments = momentsOf(whole);
        const replayed = finished(text);
        const told = finished(text, { keep: 'moments' });
        const ring = finished(text, { keep: { last: 100 } });
        expect(momentsOf(replayed)).toEqual(moments);
        expect(momentsOf(told)).toEqual(moments);
        expect(momentsOf(ring)).toEqual(moments.slice(ring.firstMoment));
        expect(outcomeOf(replayed)).toEqual(outcomeOf(whole));
        expect(outcomeOf(told)).toEqual(outcomeOf(whole));
        expect(ring.checks()).toEqual(whole.checks());
        const verdicts = finished(text, { keep: 'verdicts' });
        expect(verdicts.checks()).toEqual(whole.checks());
        expect(verdicts.lineSummaries()).toEqual(whole.lineSummaries());
        expect([replayed, told, ring, verdicts].map((session) => session.outcome())).toEqual(
          new Array(4).fill(whole.outcome()),
        );
      }),
      { numRuns: 25, seed: 9293 },
    );
  });

  it('when it is longer than what is kept at once, and asked for in any order', () => {
    const text = `link { delay 10ms, rate 100Mbps }\n${HANDSHAKE}client write 14000000 bytes\nrun\n`;
    const told = finished(text, { keep: 'moments' });
    const session = finished(text);
    expect(session.momentCount).toBeGreaterThan(17 * 1024);
    const place = fc.nat(session.momentCount - 1);
    fc.assert(
      fc.property(place, (index) => {
        expect(session.moment(index)).toEqual(told.moment(index));
      }),
      { numRuns: 30, seed: 9293 },
    );
    for (let index = session.momentCount - 1; index > session.momentCount - 2500; index--) {
      expect(session.moment(index).title).toBe(told.moment(index).title);
    }
    expect([session.moment(0), session.moment(1)]).toEqual([told.moment(0), told.moment(1)]);
  });

  it('when it goes on by turns, looked at and not', () => {
    const text = script(7, 10, 60_000);
    const whole = looked(text);
    const session = sessionOf(text);
    for (let turn = 0; !session.finished; turn++) {
      session.runSlice(turn % 5);
      session.forward();
      const { position } = session;
      expect(session.moment(position)).toEqual(whole.moment(position));
      session.travel(session.momentCount - 1);
    }
    expect(momentsOf(session)).toEqual(momentsOf(whole));
    expect(projectRun(session)).toEqual(projectRun(whole));
  });
});

describe('a run that is stopped from outside', () => {
  it('ends there in every replay too', () => {
    const text = `link { delay 10ms, rate 100Mbps }\n${HANDSHAKE}client write 14000000 bytes\nrun\n`;
    const cancelling = (options: SessionOptions) => {
      let asked = 0;
      return finished(text, { ...options, cancelled: () => ++asked > 70 });
    };
    const told = cancelling({ keep: 'moments' });
    const session = cancelling({});
    const last = session.momentCount - 1;
    expect(last).toBeGreaterThan(17 * 1024);
    expect([session.outcome(), session.limitMessage()]).toEqual(['limit', 'The simulation was cancelled.']);
    for (const index of [0, last - 5000, 3, last, last - 1]) expect(session.moment(index)).toEqual(told.moment(index));
    expect(session.moment(last).kind).toBe('end');
    session.travel(last - 1);
    expect(projectMoment(session).index).toBe(last - 1);
  });
});

describe('the first moments alone', () => {
  it('are those of a whole run, whose verdicts and segments are the same', () => {
    const text = script(3, 1, 60_000);
    const whole = finished(text, { keep: 'moments' });
    const session = finished(text, { keep: { first: 100 } });
    expect([session.momentsKeptTo, session.momentCount]).toEqual([100, whole.momentCount]);
    expect(whole.momentsKeptTo).toBe(whole.momentCount);
    for (let index = 0; index < 100; index++) expect(session.moment(index)).toEqual(whole.moment(index));
    expect(() => session.moment(100)).toThrow('moment 100 is not known');
    expect(session.checks()).toEqual(whole.checks());
    const [told, all] = [projectRun(session), projectRun(whole)];
    expect(told.moments).toEqual(all.moments.slice(0, 100));
    expect(told.segments).toEqual(all.segments.slice(0, told.segments.length));
    expect([told.momentCount, told.endUs, told.outcome]).toEqual([all.momentCount, all.endUs, all.outcome]);
  });
});

describe('a line that gives its verdict very often', () => {
  it('is explained the first hundred times', () => {
    const text =
      'on client is CLOSED { client connect; client connect; client abort }\nclient connect\nclient abort\nrun\n';
    const checks = finished(text, { limits: { maxEvents: 2_000 } }).checks();
    const explained = checks.map(({ because }) => because.length > 0);
    expect(checks.length).toBeGreaterThan(150);
    expect(explained).toEqual(checks.map((_, index) => index < 100));
  });
});

/** The links of a chain that need no moments. */
function backbone(chain: ReturnType<typeof projectMoment>['because']): readonly string[] {
  return chain.filter(({ kind }) => kind !== 'decision' && kind !== 'more').map(({ what }) => what);
}

describe('a bounded history', () => {
  const TEXT = script(3, 1, 600_000);

  it('knows at least as many moments as it was asked for, and never many more', () => {
    const whole = finished(TEXT);
    const session = sessionOf(TEXT, { keep: { last: 320 } });
    while (!session.runSlice(1)) {
      const known = session.momentCount - session.firstMoment;
      expect(known).toBeLessThan(320 + 2 * 256);
      expect(known).toBeGreaterThanOrEqual(Math.min(320, session.momentCount));
    }
    expect(session.momentCount).toBe(whole.momentCount);
    expect(session.firstMoment).toBeGreaterThan(0);
  });

  it('shows each moment that it knows as a whole history does', () => {
    const whole = finished(TEXT);
    const session = finished(TEXT, { keep: { last: 100 } });
    for (let index = session.momentCount - 1; index > session.firstMoment; index--) {
      session.travel(index);
      whole.travel(index);
      const { because: bounded, ...shown } = projectMoment(session);
      const { because, ...expected } = projectMoment(whole);
      expect(shown).toEqual(expected);
      // A chain goes back as far; what was decided at moments that are forgotten is missing in it.
      const told = Math.min(backbone(bounded).length, backbone(because).length);
      expect(backbone(bounded).slice(0, told)).toEqual(backbone(because).slice(0, told));
      expect(told > 0).toBe(because.length > 0);
    }
    session.travel(session.firstMoment);
    whole.travel(session.firstMoment);
    expect(session.moment(session.position)).toEqual(whole.moment(session.position));
    expect(session.previousWorld()).toBeNull();
  });

  it('says that a moment is forgotten, and stands at none that is', () => {
    const session = sessionOf(TEXT, { keep: { last: 100 } });
    session.runToEnd();
    expect(session.position).toBe(session.firstMoment);
    const last = session.firstMoment - 1;
    const message = `moment ${last} is forgotten: of this run the moments from ${session.firstMoment} on are kept`;
    expect(() => session.travel(last)).toThrow(new RangeError(message));
    expect(() => session.moment(last)).toThrow(new RangeError(message));
    expect(() => session.moment(session.momentCount)).toThrow(RangeError);
  });
});
