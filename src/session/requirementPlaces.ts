import type { RequirementId } from '../engine/requirements';

/** Where a requirement is shown. */
export interface RequirementPlaces {
  /** Scripts of `test/rfc` that show it. */
  readonly scripts: readonly string[];
  /** What code shows where the language can not, in a few words each. */
  readonly checks: readonly string[];
  /** Examples in which a rule that rests on it decides something. */
  readonly examples: readonly string[];
}

/** What is shown nowhere. */
export const NO_PLACES: RequirementPlaces = { scripts: [], checks: [], examples: [] };

/** Generated: `UPDATE_REFERENCE=1 vitest run test/rfc` writes it, and a test holds it to the scripts and the examples. */
export const REQUIREMENT_PLACES: Readonly<Partial<Record<RequirementId, RequirementPlaces>>> = {
  'MUST-1': { scripts: ['must-1-window-is-unsigned.tcpscript'], checks: [], examples: [] },
  'MUST-2': { scripts: [], checks: ['the octets of a segment carry the right checksum'], examples: [] },
  'MUST-3': {
    scripts: ['must-3-damaged-segments.tcpscript'],
    checks: ['whichever octet is damaged, the segment is thrown away'],
    examples: [],
  },
  'MUST-4': { scripts: [], checks: ['End of Option List, No-Operation and MSS are read'], examples: [] },
  'MUST-5': { scripts: ['must-5-options-in-any-segment.tcpscript'], checks: [], examples: [] },
  'MUST-6': { scripts: [], checks: ['unknown options are passed over'], examples: [] },
  'MUST-7': { scripts: [], checks: ['impossible lengths end the list and nothing else'], examples: [] },
  'MUST-8': {
    scripts: ['must-8-isn-clock.tcpscript'],
    checks: [],
    examples: [
      'connection-refused.tcpscript',
      'four-way-close.tcpscript',
      'half-close.tcpscript',
      'lost-data.tcpscript',
      'lost-syn.tcpscript',
      'simultaneous-close.tcpscript',
      'three-segment-close.tcpscript',
      'three-way-handshake.tcpscript',
    ],
  },
  'MUST-9': { scripts: [], checks: ['the key chooses the number'], examples: [] },
  'MUST-10': { scripts: ['must-10-simultaneous-open.tcpscript'], checks: [], examples: [] },
  'MUST-11': { scripts: ['must-11-syn-received-remembers.tcpscript'], checks: [], examples: [] },
  'MUST-12': {
    scripts: ['must-12-closed-or-aborted.tcpscript'],
    checks: [],
    examples: [
      'connection-refused.tcpscript',
      'four-way-close.tcpscript',
      'half-close.tcpscript',
      'simultaneous-close.tcpscript',
      'three-segment-close.tcpscript',
    ],
  },
  'MUST-13': {
    scripts: ['must-13-time-wait-2msl.tcpscript'],
    checks: [],
    examples: [
      'four-way-close.tcpscript',
      'half-close.tcpscript',
      'simultaneous-close.tcpscript',
      'three-segment-close.tcpscript',
    ],
  },
  'MUST-14': { scripts: ['must-14-mss-option.tcpscript'], checks: [], examples: [] },
  'MUST-15': { scripts: ['must-15-default-mss.tcpscript'], checks: [], examples: [] },
  'MUST-16': { scripts: ['must-16-effective-send-mss.tcpscript'], checks: [], examples: [] },
  'MUST-17': { scripts: ['must-17-nodelay.tcpscript'], checks: [], examples: [] },
  'MUST-18': { scripts: ['must-18-karn.tcpscript'], checks: [], examples: [] },
  'MUST-19': {
    scripts: ['must-19-congestion-control.tcpscript'],
    checks: [],
    examples: ['lost-data.tcpscript', 'lost-syn.tcpscript'],
  },
  'MUST-20': { scripts: ['must-20-give-up.tcpscript'], checks: [], examples: [] },
  'MUST-21': { scripts: ['must-21-application-sets-r2.tcpscript'], checks: [], examples: [] },
  'MUST-22': { scripts: ['must-22-syns-are-given-up.tcpscript'], checks: [], examples: ['lost-syn.tcpscript'] },
  'MUST-23': { scripts: ['must-22-syns-are-given-up.tcpscript'], checks: [], examples: [] },
  'MUST-34': { scripts: ['must-34-shrinking-window.tcpscript'], checks: [], examples: [] },
  'MUST-35': { scripts: ['must-34-shrinking-window.tcpscript'], checks: [], examples: [] },
  'MUST-36': { scripts: ['must-36-zero-window-probes.tcpscript'], checks: [], examples: [] },
  'MUST-37': { scripts: ['must-36-zero-window-probes.tcpscript'], checks: [], examples: [] },
  'MUST-38': {
    scripts: ['must-38-sender-silly-window.tcpscript'],
    checks: [],
    examples: ['half-close.tcpscript', 'lost-data.tcpscript'],
  },
  'MUST-39': { scripts: ['must-39-receiver-silly-window.tcpscript'], checks: [], examples: [] },
  'MUST-40': { scripts: ['must-40-delayed-acks.tcpscript'], checks: [], examples: [] },
  'MUST-50': { scripts: [], checks: ['IP options are passed over'], examples: [] },
  'MUST-58': { scripts: ['must-58-one-ack-for-much.tcpscript'], checks: [], examples: [] },
  'MUST-59': { scripts: ['must-59-queued-segments-first.tcpscript'], checks: [], examples: ['lost-data.tcpscript'] },
  'MUST-60': { scripts: ['must-60-unpushed-data.tcpscript'], checks: [], examples: [] },
  'MUST-61': { scripts: ['must-60-unpushed-data.tcpscript'], checks: [], examples: [] },
  'MUST-64': { scripts: [], checks: ['options begin anywhere'], examples: [] },
  'MUST-65': { scripts: ['must-65-mss-in-syns-only.tcpscript'], checks: [], examples: [] },
  'MUST-66': { scripts: ['must-66-closed-window.tcpscript'], checks: [], examples: [] },
  'MUST-67': { scripts: ['must-14-mss-option.tcpscript'], checks: [], examples: [] },
  'MUST-68': { scripts: [], checks: ['each option that is sent has its length'], examples: [] },
  'MUST-69': { scripts: [], checks: ['padding is zeros'], examples: [] },
  'SHLD-1': { scripts: [], checks: ['addresses and ports choose the number'], examples: [] },
  'SHLD-2': { scripts: ['shld-2-reset-with-data.tcpscript'], checks: [], examples: [] },
  'SHLD-3': { scripts: ['shld-3-close-with-unread-data.tcpscript'], checks: [], examples: [] },
  'SHLD-4': { scripts: ['shld-4-timestamps-reopen.tcpscript'], checks: [], examples: [] },
  'SHLD-5': { scripts: ['must-14-mss-option.tcpscript'], checks: [], examples: [] },
  'SHLD-7': { scripts: ['must-17-nodelay.tcpscript'], checks: [], examples: [] },
  'SHLD-8': { scripts: ['shld-8-ecn.tcpscript'], checks: [], examples: [] },
  'SHLD-11': { scripts: ['must-20-give-up.tcpscript'], checks: [], examples: [] },
  'SHLD-14': { scripts: ['shld-14-window-never-shrinks.tcpscript'], checks: [], examples: [] },
  'SHLD-15': { scripts: ['must-34-shrinking-window.tcpscript'], checks: [], examples: [] },
  'SHLD-16': { scripts: ['must-34-shrinking-window.tcpscript'], checks: [], examples: [] },
  'SHLD-17': { scripts: ['must-34-shrinking-window.tcpscript'], checks: [], examples: [] },
  'SHLD-18': { scripts: ['must-40-delayed-acks.tcpscript'], checks: [], examples: [] },
  'SHLD-19': { scripts: ['must-40-delayed-acks.tcpscript'], checks: [], examples: [] },
  'SHLD-27': { scripts: ['shld-27-pushes-together.tcpscript'], checks: [], examples: [] },
  'SHLD-28': { scripts: ['shld-27-pushes-together.tcpscript'], checks: [], examples: [] },
  'SHLD-29': { scripts: ['must-36-zero-window-probes.tcpscript'], checks: [], examples: [] },
  'SHLD-30': { scripts: ['must-36-zero-window-probes.tcpscript'], checks: [], examples: [] },
  'SHLD-31': { scripts: ['must-59-queued-segments-first.tcpscript'], checks: [], examples: ['lost-data.tcpscript'] },
  'REC-1': { scripts: ['must-1-window-is-unsigned.tcpscript'], checks: [], examples: [] },
  'MAY-1': { scripts: ['shld-3-close-with-unread-data.tcpscript'], checks: [], examples: [] },
  'MAY-2': { scripts: ['may-2-time-wait-reopened.tcpscript'], checks: [], examples: [] },
  'MAY-3': { scripts: ['must-14-mss-option.tcpscript'], checks: [], examples: [] },
  'MAY-7': { scripts: ['must-34-shrinking-window.tcpscript'], checks: [], examples: [] },
  'MAY-8': { scripts: ['must-36-zero-window-probes.tcpscript'], checks: [], examples: [] },
  'MAY-12': { scripts: ['may-12-blind-data-injection.tcpscript'], checks: [], examples: [] },
  'MAY-13': { scripts: ['must-59-queued-segments-first.tcpscript'], checks: [], examples: [] },
  'MAY-15': { scripts: ['must-60-unpushed-data.tcpscript'], checks: [], examples: [] },
  'MAY-18': { scripts: ['may-18-cubic.tcpscript'], checks: [], examples: [] },
};
