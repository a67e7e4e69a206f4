/** One requirement of RFC 9293 Appendix B. */
export interface Requirement {
  /** The section of RFC 9293 that states it, such as `3.6.1`. */
  readonly section: string;
  /** One plain sentence: what is asked. */
  readonly text: string;
  /** Why it asks nothing of a TCP in this simulation; null when it applies. */
  readonly outside: string | null;
  /** Why this TCP does without it although it applies; null when it does not. Only a MAY can be left out. */
  readonly leftOut: string | null;
}

/** A requirement that applies. */
export function asks(section: string, text: string): Requirement {
  return { section, text, outside: null, leftOut: null };
}

/** A requirement about something that the simulation has no part of, and why. */
export function outside(section: string, text: string, reason: string): Requirement {
  return { section, text, outside: reason, leftOut: null };
}

/** Something that a TCP may do and this one does not, and why. */
export function leftOut(section: string, text: string, reason: string): Requirement {
  return { section, text, outside: null, leftOut: reason };
}

/** Why requirements about several local addresses ask nothing here. */
export const ONE_ADDRESS = 'A host of the simulation has one address, so there is none to choose.';

/** Why requirements about the Differentiated Services field ask nothing here. */
export const NO_DIFFSERV =
  'The links treat every datagram alike, so there is no Differentiated Services field to choose.';

/** Why requirements about source routes ask nothing here. */
export const NO_ROUTES =
  'Between two hosts there is one way only, and datagrams carry no IP options, so there is no route to choose.';
