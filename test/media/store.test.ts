import { describe, expect, it } from 'vitest';
import { EMPTY_STATE, type PanelState, reduce } from '../../media/store';
import { readPreferences } from '../../media/vscodeApi';
import type { RunExtension } from '../../src/protocol/messages';
import type { RunView } from '../../src/protocol/view';
import { momentOf, partOf, stretchOf } from './fixtures';
import { handshake } from './runs';

const begun = (count: number) => partOf(handshake, count);

/** What the handshake has after its first `count` moments. */
function since(count: number): RunExtension {
  const isNew = ({ moment }: { readonly moment: number }) => moment >= count;
  return {
    segments: handshake.segments.filter(
      ({ sentMoment, arrivedMoment }) => sentMoment >= count || (arrivedMoment ?? 0) >= count,
    ),
    icmp: [],
    states: handshake.states.filter(isNew),
    marks: handshake.marks.filter(isNew),
    moments: handshake.moments.slice(count),
    momentCount: handshake.momentCount,
    usualDelayUs: handshake.usualDelayUs,
    endUs: handshake.endUs,
    finished: true,
    outcome: 'passed',
  };
}

const live = (view: RunView, index: number): PanelState =>
  reduce(EMPTY_STATE, { type: 'run', view, moment: momentOf(view, index) });

describe('what the panel knows', () => {
  it('is the run that it was told last', () => {
    const moment = momentOf(handshake, 3);
    expect(reduce(live(begun(2), 0), { type: 'run', view: handshake, moment })).toEqual({
      kind: 'live',
      run: handshake,
      moment,
      progress: null,
      scriptChanged: false,
    });
  });

  it('is the same whether the run came at once or in parts', () => {
    const moment = momentOf(handshake, handshake.moments.length - 1);
    for (let count = 1; count < handshake.moments.length; count++) {
      const extended = reduce(live(begun(count), 0), { type: 'extend', extension: since(count), moment });
      expect(extended).toEqual({ kind: 'live', run: handshake, moment, progress: null, scriptChanged: false });
    }
  });

  it('does not grow when the same extension comes twice', () => {
    const moment = momentOf(handshake, 0);
    const message = { type: 'extend', extension: since(5), moment } as const;
    const once = reduce(live(begun(5), 0), message);
    expect(reduce(once, message)).toEqual(once);
  });

  it('keeps the run when only the moment changes', () => {
    const before = live(handshake, 9);
    const after = reduce(before, { type: 'moment', moment: momentOf(handshake, 2) });
    expect(after).toMatchObject({ kind: 'live', moment: { index: 2 } });
    expect(after.kind === 'live' && before.kind === 'live' && after.run === before.run).toBe(true);
  });

  it('is another stretch of the run when that was asked for, and how far the run has got meanwhile', () => {
    const before = live(stretchOf(handshake, 2, 5), 3);
    const progress = { type: 'running', momentCount: 70, timeUs: 9 } as const;
    const running = reduce(before, progress);
    expect(running).toMatchObject({ kind: 'live', progress: { momentCount: 70, timeUs: 9 } });
    const elsewhere = reduce(running, { type: 'window', view: stretchOf(handshake, 0, 4) });
    expect(elsewhere).toEqual({ ...running, run: stretchOf(handshake, 0, 4) });
    expect(reduce(elsewhere, { type: 'moment', moment: momentOf(handshake, 2) })).toMatchObject({ progress: null });
    const ended = reduce(running, { type: 'ended' });
    expect(reduce(ended, progress)).toBe(ended);
  });

  it('keeps the last picture when the session ends, and starts afresh with the next one', () => {
    const ended = reduce(live(handshake, 9), { type: 'ended' });
    expect(ended).toMatchObject({ kind: 'ended', run: handshake, moment: { index: 9 } });
    expect(reduce(ended, { type: 'run', view: begun(1), moment: momentOf(handshake, 0) }).kind).toBe('live');
  });

  it('stays empty until a run comes', () => {
    const moment = momentOf(handshake, 0);
    expect(reduce(EMPTY_STATE, { type: 'moment', moment })).toBe(EMPTY_STATE);
    expect(reduce(EMPTY_STATE, { type: 'extend', extension: since(0), moment })).toBe(EMPTY_STATE);
    expect(reduce(EMPTY_STATE, { type: 'ended' })).toBe(EMPTY_STATE);
  });
});

describe('preferences', () => {
  it.each([
    [undefined, 'relative'],
    [null, 'relative'],
    ['absolute', 'relative'],
    [{ numbers: 'absolute' }, 'absolute'],
    [{ numbers: 7 }, 'relative'],
  ])('%j means %s numbers', (kept, numbers) => expect(readPreferences(kept)).toEqual({ numbers }));
});
