import { DEFAULT_HOST } from '../config';
import { FREEBSD } from './freebsd';
import { LINUX } from './linux';
import type { Profile } from './profile';

export type { Profile } from './profile';

/** The name of a set of defaults. */
export type ProfileName = 'rfc' | 'linux' | 'freebsd';

/** What a host is like before its options are read. */
export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  rfc: DEFAULT_HOST,
  linux: LINUX,
  freebsd: FREEBSD,
};

/** Whether a word names a profile. */
export function isProfile(name: unknown): name is ProfileName {
  return typeof name === 'string' && Object.hasOwn(PROFILES, name);
}
