import type { SegmentView } from '../src/protocol/view';
import { formatTime } from './format';
import type { Measure } from './textWidth';
import type { Numbers } from './vscodeApi';

/** A piece of a label. */
export interface LabelPart {
  readonly text: string;
  readonly role: 'flags' | 'field' | 'word';
}

/** A label that fits. */
export interface Label {
  readonly parts: readonly LabelPart[];
  readonly widthPx: number;
}

/** Space between the parts of a label. */
export const PART_GAP_PX = 6;

type Field = 'seq' | 'ack' | 'len' | 'win';

/** From everything down to what can not be left out; the first that fits is taken. */
const DATA_TIERS: readonly (readonly Field[])[] = [
  ['seq', 'ack', 'len', 'win'],
  ['seq', 'ack', 'len'],
  ['seq', 'len'],
  ['seq'],
  [],
];
/** The same without data: then the acknowledgment number is what the segment is about. */
const BARE_TIERS: readonly (readonly Field[])[] = [
  ['seq', 'ack', 'len', 'win'],
  ['seq', 'ack', 'len'],
  ['seq', 'ack'],
  ['ack'],
  [],
];

/** What sets a segment apart, in a word each. */
export function wordsOf(segment: SegmentView): readonly string[] {
  return [
    ...(segment.injected ? ['injected'] : []),
    ...(segment.retransmission ? ['retransmission'] : []),
    ...(segment.duplicate ? ['duplicate'] : []),
    ...(segment.corrupted ? ['corrupted'] : []),
    ...(segment.fate === 'held' ? ['held'] : []),
  ];
}

/** The label above an arrow: flags, as many fields as fit in `roomPx`, and the words that set it apart. */
export function labelOf(segment: SegmentView, numbers: Numbers, roomPx: number, measure: Measure): Label {
  const words = wordsOf(segment).map((text): LabelPart => ({ text, role: 'word' }));
  let label: Label = { parts: [], widthPx: 0 };
  for (const fields of segment.lengthBytes > 0 || segment.ack === null ? DATA_TIERS : BARE_TIERS) {
    const texts = fields.flatMap((field) => fieldText(segment, field, numbers) ?? []);
    const parts: readonly LabelPart[] = [
      { text: segment.flags, role: 'flags' },
      ...texts.map((text): LabelPart => ({ text, role: 'field' })),
      ...words,
    ];
    label = { parts, widthPx: widthOf(parts, measure) };
    if (label.widthPx <= roomPx) break;
  }
  return label;
}

function widthOf(parts: readonly LabelPart[], measure: Measure): number {
  const widths = parts.map(({ text, role }) => measure(text, role === 'flags' ? 'bold' : 'normal'));
  return widths.reduce((sum, width) => sum + width, 0) + PART_GAP_PX * Math.max(0, parts.length - 1);
}

function fieldText(segment: SegmentView, field: Field, numbers: Numbers): string | null {
  const relative = numbers === 'relative';
  switch (field) {
    case 'seq':
      return `seq=${relative ? segment.seq : segment.seqRaw}`;
    case 'ack': {
      const ack = relative ? segment.ack : segment.ackRaw;
      return ack === null ? null : `ack=${ack}`;
    }
    case 'len':
      return `len=${segment.lengthBytes}`;
    case 'win':
      return `win=${segment.wnd}`;
  }
}

/** Makes labels, and keeps them for as long as their segments are known: a run that goes on changes few of them. */
export class Labeller {
  private readonly kept = new WeakMap<SegmentView, { readonly roomPx: number; readonly label: Label }>();

  constructor(
    readonly numbers: Numbers,
    readonly measure: Measure,
  ) {}

  /** The label of a segment in a room of `roomPx`; see `labelOf`. */
  label(segment: SegmentView, roomPx: number): Label {
    const known = this.kept.get(segment);
    if (known !== undefined && known.roomPx === roomPx) return known.label;
    const label = labelOf(segment, this.numbers, roomPx, this.measure);
    this.kept.set(segment, { roomPx, label });
    return label;
  }
}

/** What became of a segment, for a reader who does not see the arrow. */
export function fateText(segment: SegmentView): string {
  switch (segment.fate) {
    case 'delivered':
      return `arrives at ${formatTime(segment.arriveUs ?? segment.sentUs)}`;
    case 'in-flight':
      return segment.arriveUs === null ? 'on its way' : `on its way, arrives at ${formatTime(segment.arriveUs)}`;
    case 'held':
      return 'held in the network';
    case 'dropped':
    case 'lost':
      return segment.fault === null ? 'lost' : `lost: ${segment.fault}`;
  }
}

/** The whole header as rows of name and value, for the tooltip. */
export function headerRows(segment: SegmentView): readonly (readonly [name: string, value: string])[] {
  const ack: [string, string][] =
    segment.ack === null ? [] : [['Acknowledgment', `${segment.ack} (on the wire ${segment.ackRaw ?? ''})`]];
  return [
    ['Flags', segment.flags],
    ['Sequence', `${segment.seq} (on the wire ${segment.seqRaw})`],
    ...ack,
    ['Length', `${segment.lengthBytes} bytes`],
    ['Window', String(segment.wnd)],
    ...(segment.up === null ? [] : [['Urgent pointer', String(segment.up)] as const]),
    ['Options', optionsText(segment)],
    ['Sent', formatTime(segment.sentUs)],
    ['Fate', [...wordsOf(segment), fateText(segment)].join(', ')],
    ...(segment.line === null ? [] : [['Script line', String(segment.line)] as const]),
  ];
}

/** The options, and where they hold numbers that are counted, these as on the wire. */
function optionsText({ options, optionsRaw }: SegmentView): string {
  if (options.length === 0) return 'none';
  const counted = options.join(', ');
  const raw = optionsRaw.filter((text, index) => text !== options[index]).join(', ');
  return raw === '' ? counted : `${counted} (on the wire ${raw})`;
}

/** One sentence for screen readers. */
export function spokenLabel(segment: SegmentView, numbers: Numbers): string {
  const fields = (['seq', 'ack', 'len', 'win'] as const).flatMap((field) => fieldText(segment, field, numbers) ?? []);
  const words = wordsOf(segment).filter((word) => word !== 'held');
  const to = segment.to === null ? 'nobody' : segment.to;
  return `${segment.flags} from ${segment.from} to ${to}, ${[...fields, ...words].join(', ')}, sent at ${formatTime(segment.sentUs)}, ${fateText(segment)}`;
}
