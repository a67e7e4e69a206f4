import { splitNumber, UNITS } from '../script/units';
import { CliError } from './io';

/** A virtual time as a script writes it (`1.5s`, `20 ms`), in microseconds. Throws {@link CliError} when it is none. */
export function readTimeUs(option: string, text: string): number {
  const { value, suffix } = splitNumber(text.trim());
  const unit = UNITS.get(suffix.trim());
  const timeUs = unit === undefined ? Number.NaN : Math.round(value * unit.factor);
  if (unit?.unit !== 'us' || !/^\d/.test(text.trim()) || !Number.isSafeInteger(timeUs)) {
    throw new CliError(`'${option} ${text}' is not a time; write one such as 20ms or 1.5s`);
  }
  return timeUs;
}
