import { parseActor } from '../engine/actor';
import { type LineContext, report } from './context';
import { didYouMean, listWords } from './diagnostics';
import { nearest } from './distance';
import { lineSpan } from './layout';
import type { Span } from './program';

/** The two hosts that exist when nothing declares them. */
export const USUAL_HOSTS: readonly string[] = ['client', 'server'];

/** Whether the scenario has this host; reports when it has not. A name that is close to none is not reported when a line that nobody can read may have declared it. */
export function knownHost(line: LineContext, name: string, span: Span): boolean {
  const { hostNames, mayMissHost } = line.scenario;
  if (hostNames.includes(name)) return true;
  const near = nearest(name, hostNames);
  if (near !== null || !mayMissHost) {
    const hint = didYouMean(
      near,
      `There are ${listWords(hostNames)}; others need a line such as \`host ${name} at 10.0.0.9\`.`,
    );
    report(line, 'unknown-host', span, [name, hint], near === null ? [] : [near]);
  }
  return false;
}

/**
 * Whether the scenario has the hosts of an actor, `server` or `server:bob`, and they are two; reports at the name that is
 * wrong when it has not.
 */
export function knownActor(line: LineContext, text: string, span: Span): boolean {
  const { host, peer } = parseActor(text);
  if (peer === null) return knownHost(line, host, span);
  const hostSpan = lineSpan(span.line, span.column, span.column + host.length);
  const peerSpan = lineSpan(span.line, hostSpan.endColumn + 1, hostSpan.endColumn + 1 + peer.length);
  if (!knownHost(line, host, hostSpan) || !knownHost(line, peer, peerSpan)) return false;
  if (host !== peer) return true;
  report(line, 'talks-to-itself', peerSpan, [host]);
  return false;
}

/**
 * Whom a host talks to when nothing is said: the only other host, or `server` for `client` and the reverse when there are
 * bystanders. null after a report when there is none or more than one to choose from.
 */
export function usualPeer(line: LineContext, name: string, span: Span): string | null {
  const others = line.scenario.hostNames.filter((other) => other !== name);
  const usual = USUAL_HOSTS.includes(name) ? others.find((other) => USUAL_HOSTS.includes(other)) : undefined;
  const [other] = others;
  if (usual !== undefined) return usual;
  if (other === undefined) report(line, 'no-other-host', span, [name]);
  else if (others.length > 1) report(line, 'which-host', span, [listWords(others)]);
  else return other;
  return null;
}
