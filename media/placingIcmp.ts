import type { IcmpView } from '../src/protocol/view';
import { boxAt } from './boxes';
import { isLost } from './diagramAnchors';
import type { IcmpItem } from './diagramItems';
import { type Ground, LABEL_ABOVE, LABEL_PX, LEAST_TOUCH_PX, LINE_PX, span } from './placingGround';
import { ellipsize } from './textWidth';
import { LEAST_SLANT_PX, slantOf } from './timeScale';

/** Where a router stands on the line, the text stands so much higher. */
const ROUTER_PX = 3;

/** Places the arrows of ICMP messages. */
export class IcmpPlacer {
  private readonly messages = new Map<number, Pick<IcmpItem, 'x1' | 'x2' | 'y1' | 'text' | 'box'>>();

  constructor(private readonly ground: Ground) {}

  /** A message is sent. Its text lies along the way between both lifelines, however short the arrow. */
  send(icmp: IcmpView): void {
    const to = this.ground.byHost.get(icmp.to);
    const far = this.ground.byHost.get(icmp.from ?? icmp.towards ?? '');
    if (to === undefined || far === undefined || to === far) return;
    const toRight = far.xPx > to.xPx;
    const sign = toRight ? 1 : -1;
    const { measure } = this.ground.options.labels;
    const text = ellipsize(icmp.text, Math.abs(far.xPx - to.xPx) - 2 * LABEL_PX, measure);
    const above = icmp.from === null ? ROUTER_PX : 0;
    const wanted = {
      above: LABEL_ABOVE.above + above,
      below: LABEL_ABOVE.below - above,
      ...span(to.xPx + sign * LABEL_PX, measure(text, 'normal'), toRight),
    };
    // What became of the segment is said before what a router tells of it.
    const loss = icmp.from === null && icmp.segment !== null ? this.ground.losses.get(icmp.segment) : undefined;
    const lowest = loss === undefined ? 0 : loss + wanted.above;
    this.ground.y = this.ground.stack.place(wanted, Math.max(this.ground.y, lowest));
    const x1 = icmp.from === null ? (to.xPx + far.xPx) / 2 : far.xPx - sign * LINE_PX;
    const x2 = to.xPx + sign * LINE_PX;
    this.messages.set(icmp.id, { x1, x2, y1: this.ground.y, text, box: boxAt(wanted, this.ground.y) });
  }

  /** A message arrives, or is lost on its way. */
  end(icmp: IcmpView): void {
    const message = this.messages.get(icmp.id);
    if (message === undefined) return;
    const dead = isLost(icmp);
    const { x1, x2 } = message;
    const slant = slantOf(this.ground.scale, (icmp.arriveUs ?? icmp.sentUs) - icmp.sentUs) * (dead ? 0.5 : 1);
    const touch = dead ? undefined : this.ground.touches.get(icmp.to);
    const lowest = Math.max(this.ground.y, message.y1 + Math.max(LEAST_SLANT_PX, slant));
    this.ground.y = Math.max(lowest, touch === undefined ? 0 : touch.y + LEAST_TOUCH_PX);
    if (!dead) this.ground.touches.set(icmp.to, { y: this.ground.y, arrival: true });
    const end = dead ? 'cross' : 'arrival';
    this.ground.items.push({
      kind: 'icmp',
      id: `icmp-${icmp.id}`,
      icmp,
      ...message,
      x2: dead ? (x1 + x2) / 2 : x2,
      y2: this.ground.y,
      end,
    });
  }
}
