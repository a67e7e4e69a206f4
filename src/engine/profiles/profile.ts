import type { HostConfig } from '../config';

/** A set of defaults for hosts: all of a configuration but who the host is. */
export type Profile = Omit<HostConfig, 'name' | 'address' | 'port'>;
