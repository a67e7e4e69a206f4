import { STATES } from '../engine/states';

/** Words of the language's design that this version answers with `not-yet`. */
export const NOT_YET: ReadonlySet<string> = new Set([
  'let',
  'def',
  'import',
  'repeat',
  'if',
  'else',
  'assume',
  'predict',
  'hint',
  'explain',
  'note',
  'exercise',
  'points',
]);

/** The combinations of control bits that people write, for suggestions and completion. */
export const FLAG_WORDS: readonly string[] = [
  'SYN',
  'SYN-ACK',
  'ACK',
  'FIN',
  'FIN-ACK',
  'RST',
  'RST-ACK',
  'PSH-ACK',
  'PSH',
  'URG',
  'ECE',
  'CWR',
];

/** The name of a state as RFC 9293 section 3.3.2 writes it, from any case and with `_` for `-`; null when there is none. */
export function canonicalState(word: string): (typeof STATES)[number] | null {
  const plain = word.toUpperCase().replace(/_/g, '-');
  const usual = plain === 'SYN-RCVD' || plain === 'SYN-RECV' ? 'SYN-RECEIVED' : plain;
  return STATES.find((state) => state === usual) ?? null;
}

/** Flags as people write them: upper case, joined by `-`, in the order in which the script has them. */
export function canonicalFlags(image: string): string {
  return image
    .toUpperCase()
    .split(/[ \t]*[-+,][ \t]*/)
    .join('-');
}
