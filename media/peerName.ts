import { ellipsize, type Measure } from './textWidth';

/** An address and its port: of a peer that is no host of the script. */
const ADDRESS_AND_PORT = /^(\[.+\]|[\d.]+):\d+$/;

/** What is said about a connection's peer, in so much room: what is said stays whole, the peer is cut as far as needed. */
export function withPeer(peer: string, said: string, roomPx: number, measure: Measure): string {
  const address = ADDRESS_AND_PORT.exec(peer)?.[1] ?? peer;
  const whole = [peer, address].map((name) => `${name}: ${said}`).find((text) => measure(text, 'normal') <= roomPx);
  if (whole !== undefined) return whole;
  const room = roomPx - measure(`: ${said}`, 'normal');
  // Addresses of one network differ at their ends.
  const cut = address === peer ? ellipsize(peer, room, measure) : endOf(address, room, measure);
  return `${cut}: ${said}`;
}

function endOf(text: string, roomPx: number, measure: Measure): string {
  const reversed = (letters: string) => [...letters].reverse().join('');
  return reversed(ellipsize(reversed(text), roomPx, measure)).replace(/^…[.:]/, '…');
}
