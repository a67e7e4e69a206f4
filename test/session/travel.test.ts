import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projectMoment, projectRun } from '../../src/protocol/project';
import { finished, HANDSHAKE, sessionOf } from './support';

const SCRIPT = `link { delay 10ms, loss 10%, jitter 3ms }
${HANDSHAKE}on server receives FIN { wait 20ms; server close }
client write 90000 bytes
wait until server received 90000 bytes
client close
run
`;

describe('time travel', () => {
  it('shows each moment the same, however it is reached', () => {
    const straight = sessionOf(SCRIPT);
    const views = [projectMoment(straight)];
    while (straight.forward()) views.push(projectMoment(straight));
    expect(views.length).toBeGreaterThan(200);
    const traveller = finished(SCRIPT);
    expect(traveller.momentCount).toBe(views.length);
    fc.assert(
      fc.property(fc.array(fc.nat(views.length - 1), { maxLength: 12 }), (stops) => {
        for (const stop of stops) {
          traveller.travel(stop);
          expect(projectMoment(traveller)).toEqual(views[stop]);
        }
      }),
      { numRuns: 60, seed: 9293 },
    );
  });

  it('knows the same run after travelling as before', () => {
    const session = finished(SCRIPT);
    const before = projectRun(session);
    for (const stop of [3, 170, 64, 0, 128]) {
      session.travel(stop);
      projectMoment(session);
    }
    expect(projectRun(session)).toEqual(before);
  });

  it('goes on from the middle of a run that is not over', () => {
    const session = sessionOf(SCRIPT);
    for (let step = 0; step < 100; step++) session.forward();
    session.travel(20);
    for (let step = 0; step < 80; step++) session.forward();
    expect(session.position).toBe(100);
    expect(session.momentCount).toBe(101);
    expect(session.forward()).toBe(true);
    expect(session.momentCount).toBe(102);
  });

  it('gives the same run twice', () => {
    expect(projectRun(finished(SCRIPT))).toEqual(projectRun(finished(SCRIPT)));
  });

  it('judges the same without keeping moments', () => {
    const kept = finished(SCRIPT);
    const quick = finished(SCRIPT, { keep: 'verdicts' });
    const verdicts = (session: typeof kept) =>
      session.checks().map(({ span, ok, actual }) => ({ line: span.line, ok, actual }));
    expect(verdicts(quick)).toEqual(verdicts(kept));
    expect(quick.lineSummaries()).toEqual(kept.lineSummaries());
    expect(quick.outcome()).toBe(kept.outcome());
  });

  it('refuses a moment that is not known', () => {
    const session = sessionOf(SCRIPT);
    expect(() => session.travel(5)).toThrow(RangeError);
    expect(() => session.travel(-1)).toThrow(RangeError);
  });
});
