import type { ErrorName, ErrorTable } from '../script/program';

/** The errors and signals of RFC 9293 section 3.10 behind the short names that `H error NAME` uses. */
export const ERROR_NAMES: ErrorTable = {
  reset: ['connection reset'],
  refused: ['connection refused'],
  closing: ['connection closing'],
  timeout: ['connection aborted due to user timeout'],
  delivery: ['delivery problem'],
  'not-exist': ['connection does not exist'],
  exists: ['connection already exists'],
  illegal: ['connection illegal for this process', 'not supported'],
  unspecified: ['remote socket unspecified'],
  resources: ['insufficient resources'],
  'network-unreachable': ['network unreachable'],
  'host-unreachable': ['host unreachable'],
  'source-route-failed': ['source route failed'],
  'time-exceeded': ['time exceeded'],
  'parameter-problem': ['parameter problem'],
  'protocol-unreachable': ['protocol unreachable'],
  'port-unreachable': ['port unreachable'],
};

/** The short names of an error or signal text; empty when it has none (`urgent data` is no error). */
export function errorNamesOf(text: string): Exclude<ErrorName, 'any'>[] {
  return (Object.keys(ERROR_NAMES) as Exclude<ErrorName, 'any'>[]).filter((name) => ERROR_NAMES[name].includes(text));
}
