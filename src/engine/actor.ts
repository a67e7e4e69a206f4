/** Who acts or is looked at: a host, or one of its connections. */
export interface Actor {
  readonly host: string;
  /** The host at the other end of the connection; null for the host's main connection. */
  readonly peer: string | null;
}

/** Stands between the two names of `server:bob`; no name of a host contains it. */
export const ACTOR_SEPARATOR = ':';

/** `server` is the host's main connection, `server:bob` its connection with bob. */
export function parseActor(text: string): Actor {
  const at = text.indexOf(ACTOR_SEPARATOR);
  return at < 0 ? { host: text, peer: null } : { host: text.slice(0, at), peer: text.slice(at + 1) };
}

/** How scripts and people write an actor; the opposite of {@link parseActor}. */
export function actorText(host: string, peer: string | null): string {
  return peer === null ? host : `${host}${ACTOR_SEPARATOR}${peer}`;
}
