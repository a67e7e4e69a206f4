import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Box, overlaps } from '../../media/boxes';
import { type ArrowItem, type DiagramItem, extentOf } from '../../media/diagramItems';
import { type DiagramLayout, layoutRun, momentAt } from '../../media/diagramLayout';
import { Labeller } from '../../media/segmentLabel';
import { ellipsize, type Measure } from '../../media/textWidth';
import { gapOf, LEAST_SLANT_PX, LONGEST_GAP_PX, slantOf, timeScaleOf } from '../../media/timeScale';
import { VisibleIndex } from '../../media/visibleSlice';
import type { RunView } from '../../src/protocol/view';
import { partOf, runOf, type SegmentFacts } from './fixtures';
import { burst, fourWayClose, handshake, lostSyn, paced, simultaneousClose, threeHosts } from './runs';

const measure: Measure = (text, weight) =>
  [...text].reduce((sum, letter) => sum + (letter > '\u2fff' ? 11 : 6.2), 0) * (weight === 'bold' ? 1.1 : 1);
const layout = (run: RunView, widthPx = 700): DiagramLayout =>
  layoutRun(run, { widthPx, labels: new Labeller('relative', measure) });

/** Every text of a layout, with a name that a failure can show. */
function texts(items: readonly DiagramItem[]): readonly (readonly [name: string, box: Box])[] {
  return items.flatMap((item): (readonly [string, Box])[] => {
    switch (item.kind) {
      case 'arrow': {
        const name = `${item.segment.id} ${item.segment.flags}`;
        const note: (readonly [string, Box])[] = item.note === null ? [] : [[`note of ${name}`, item.note.box]];
        return [[`label of ${name}`, item.labelBox], ...note];
      }
      case 'state':
        return [[`${item.state.host} ${item.state.state}`, item.box]];
      case 'mark':
        return [[item.mark.text, item.box]];
      case 'break':
        return [[`break ${item.durationUs}`, { left: 80, right: 200, top: item.y - 8, bottom: item.y + 8 }]];
      case 'tick':
        return [[`tick ${item.timeUs}`, { left: 0, right: 50, top: item.y - 7, bottom: item.y + 7 }]];
      default:
        return [];
    }
  });
}

function overlapping(items: readonly DiagramItem[]): readonly string[] {
  const all = texts(items);
  return all.flatMap(([name, box], index) =>
    all.slice(index + 1).flatMap(([other, otherBox]) => (overlaps(box, otherBox) ? [`${name} / ${other}`] : [])),
  );
}

const hosts = ['client', 'server', 'third'] as const;
const states = ['LISTEN', 'SYN-SENT', 'SYN-RECEIVED', 'ESTABLISHED', 'TIME-WAIT'] as const;
const time = fc.oneof(
  fc.integer({ min: 0, max: 60_000 }),
  fc.integer({ min: 0, max: 90_000_000 }),
  fc.constant(10_000),
);

const segment = fc
  .record({
    from: fc.constantFrom(...hosts),
    to: fc.constantFrom(...hosts, null),
    sentUs: time,
    delayUs: fc.oneof(fc.constant(10_000), fc.constant(0), fc.integer({ min: 0, max: 2_000_000 })),
    flags: fc.constantFrom('SYN', 'SYN-ACK', 'ACK', 'PSH-ACK', 'FIN-ACK', 'RST'),
    lengthBytes: fc.constantFrom(0, 1460),
    fate: fc.constantFrom('delivered', 'in-flight', 'dropped', 'lost', 'held'),
    diedAt: fc.double({ min: 0, max: 1, noNaN: true }),
    retransmission: fc.boolean(),
  })
  .map(({ delayUs, fate, diedAt, ...rest }): SegmentFacts => {
    const died = fate === 'dropped' || fate === 'lost';
    const fault = died ? { diedAt, fault: 'drop every 2nd data from client (line 12)' } : {};
    return { ...rest, fate, ...fault, arriveUs: fate === 'held' ? null : rest.sentUs + delayUs };
  });

const run = fc
  .record({
    count: fc.integer({ min: 1, max: 3 }),
    segments: fc.array(segment, { maxLength: 25 }),
    states: fc.array(fc.tuple(fc.constantFrom(...hosts), fc.constantFrom(...states), time), { maxLength: 10 }),
    marks: fc.array(
      fc.tuple(
        fc.constantFrom('timer', 'call', 'check-passed', 'check-failed', 'network'),
        fc.constantFrom(...hosts, null),
        time,
        fc.constantFrom('client calls OPEN', 'server.RCV.NXT == client.ISS + 1 and server is ESTABLISHED', 'a'),
      ),
      { maxLength: 12 },
    ),
  })
  .map(({ count, ...facts }) => runOf({ title: 'any', hosts: hosts.slice(0, count), ...facts }));

const width = fc.integer({ min: 280, max: 1600 });

describe('the layout of the diagram', () => {
  it('never goes upward as moments go on', () => {
    fc.assert(
      fc.property(run, width, (anyRun, widthPx) => {
        const { momentY } = layout(anyRun, widthPx);
        expect(momentY).toHaveLength(anyRun.moments.length);
        expect(momentY.every((y, index) => index === 0 || y >= (momentY[index - 1] ?? 0))).toBe(true);
      }),
    );
  });

  it('puts a later instant below an earlier one', () => {
    fc.assert(
      fc.property(run, (anyRun) => {
        const { momentY } = layout(anyRun);
        anyRun.moments.forEach(({ timeUs }, index) => {
          const before = anyRun.moments[index - 1];
          if (before !== undefined && before.timeUs < timeUs) {
            expect(momentY[index]).toBeGreaterThan(momentY[index - 1] ?? Number.NaN);
          }
        });
      }),
    );
  });

  it('lets no two texts overlap', () => {
    fc.assert(
      fc.property(run, width, (anyRun, widthPx) => {
        expect(overlapping(layout(anyRun, widthPx).items)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('slants every arrow downward, at least as far as its delay takes to scale', () => {
    fc.assert(
      fc.property(run, width, (anyRun, widthPx) => {
        const scale = timeScaleOf(anyRun.usualDelayUs);
        for (const { segment: one, y1, y2, end } of layout(anyRun, widthPx).arrows) {
          expect(y2 - y1).toBeGreaterThanOrEqual(LEAST_SLANT_PX - 1e-6);
          if (end === 'arrival' && one.arriveUs !== null) {
            expect(y2 - y1).toBeGreaterThanOrEqual(slantOf(scale, one.arriveUs - one.sentUs) - 1e-6);
          }
        }
      }),
    );
  });

  it('draws an arrow for each segment of a known host, and ends it by its fate', () => {
    fc.assert(
      fc.property(run, (anyRun) => {
        const known = anyRun.segments.filter(({ from }) => anyRun.hosts.some(({ name }) => name === from));
        const { arrows } = layout(anyRun);
        expect(arrows.map(({ segment: { id } }) => id).sort()).toEqual(known.map(({ id }) => id).sort());
        const ends = { delivered: 'arrival', 'in-flight': 'arrival', dropped: 'cross', lost: 'cross', held: 'held' };
        for (const { segment: one, end } of arrows) expect(end).toBe(ends[one.fate]);
      }),
    );
  });

  it.each(Object.entries({ handshake, lostSyn, fourWayClose, simultaneousClose }))(
    'keeps what is drawn of %s where it is while the run goes on',
    (_, whole) => {
      const { momentY } = layout(whole);
      for (let count = 1; count <= whole.moments.length; count++) {
        expect(layout(partOf(whole, count)).momentY).toEqual(momentY.slice(0, count));
      }
    },
  );
});

describe('the cross of a lost segment', () => {
  it('is on the way between the lifelines, as far as the segment came', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.15, max: 1, noNaN: true }), width, (diedAt, widthPx) => {
        const lost: SegmentFacts = { from: 'client', to: 'server', sentUs: 0, flags: 'SYN', fate: 'lost', diedAt };
        const through: SegmentFacts = { from: 'client', to: 'server', sentUs: 0, flags: 'SYN' };
        const { arrows } = layout(
          runOf({ title: 'x', hosts: ['client', 'server'], segments: [lost, through] }),
          widthPx,
        );
        const cross = arrows.find(({ end }) => end === 'cross');
        const arrival = arrows.find(({ end }) => end === 'arrival');
        expect(cross?.end).toBe('cross');
        const whole = (arrival?.x2 ?? 0) - (arrival?.x1 ?? 0);
        expect((cross?.x2 ?? 0) - (cross?.x1 ?? 0)).toBeCloseTo(diedAt * whole, 6);
      }),
    );
  });

  it('says which fault it was', () => {
    const [first] = layout(lostSyn).arrows;
    expect(first?.note?.text).toBe('drop next (line 7)');
  });
});

describe('the time axis', () => {
  it('draws short gaps to scale and breaks long ones', () => {
    const scale = timeScaleOf(handshake.usualDelayUs);
    expect(gapOf(scale, 20_000).px).toBeCloseTo(2 * gapOf(scale, 10_000).px);
    expect(gapOf(scale, 60_000_000)).toMatchObject({ broken: true });
    expect(gapOf(scale, 60_000_000).px).toBeLessThan(LONGEST_GAP_PX);
  });

  it('says how long a break takes, counted from what happened last', () => {
    const breaks = (items: readonly DiagramItem[]) =>
      items.flatMap((item) => (item.kind === 'break' ? [item.durationUs] : []));
    expect(breaks(layout(fourWayClose).items)).toEqual([90_000, 59_990_000]);
    expect(breaks(layout(lostSyn).items)).toEqual([1_000_000]);
  });

  it('gives equal delays equal slants where there is room', () => {
    const slants = layout(handshake).arrows.map(({ y1, y2 }) => y2 - y1);
    expect(new Set(slants.map((slant) => slant.toFixed(6))).size).toBe(1);
  });

  it('finds the moment at a height', () => {
    const at = layout(fourWayClose);
    for (const y of at.momentY) expect(at.momentY[momentAt(at, y)]).toBe(y);
    expect(momentAt(at, -1)).toBe(0);
    expect(momentAt(at, 1e9)).toBe(at.momentY.length - 1);
  });
});

describe('the whole of each picture', () => {
  const runs = { handshake, lostSyn, fourWayClose, simultaneousClose, threeHosts, burst: burst(40), paced: paced(20) };
  it.each(Object.entries(runs))('%s: nothing overlaps or leaves the diagram', (_, one) => {
    for (const widthPx of [300, 420, 700, 1200]) {
      const { items, columns, heightPx } = layout(one, widthPx);
      expect(overlapping(items)).toEqual([]);
      for (const [name, box] of texts(items)) {
        expect(box.left, name).toBeGreaterThanOrEqual(0);
        expect(box.right, name).toBeLessThanOrEqual(columns.widthPx);
        expect(box.bottom, name).toBeLessThanOrEqual(heightPx);
      }
    }
  });

  it('crossing arrows begin on both sides and really cross', () => {
    const [a, b] = layout(simultaneousClose).arrows as readonly [ArrowItem, ArrowItem];
    expect(Math.sign(a.x2 - a.x1)).toBe(-Math.sign(b.x2 - b.x1));
    expect(Math.max(a.y1, b.y1)).toBeLessThan(Math.min(a.y2, b.y2));
  });
});

describe('what is drawn of a long run', () => {
  it('is everything that reaches into the visible part, and nothing else', () => {
    fc.assert(
      fc.property(run, fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 1, max: 900 }), (anyRun, top, height) => {
        const { items } = layout(anyRun);
        const visible = items.filter((item) => extentOf(item).bottom >= top && extentOf(item).top < top + height);
        expect(new VisibleIndex(items).between(top, top + height)).toEqual(visible);
      }),
    );
  });

  it('is little, and found quickly, among ten thousand segments', () => {
    const long = layout(paced(5_000));
    expect(long.arrows).toHaveLength(10_000);
    expect(new VisibleIndex(long.items).between(100_000, 101_000).length).toBeLessThan(300);
  });
});

describe('cutting a text', () => {
  it('fits and keeps a beginning', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 12, max: 300 }), (text, room) => {
        const cut = ellipsize(text, room, measure);
        expect(measure(cut, 'normal')).toBeLessThanOrEqual(room);
        if (cut !== text) expect(text.startsWith(cut.slice(0, -1))).toBe(true);
      }),
    );
  });
});
