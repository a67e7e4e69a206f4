/**
 * Numbers by which a client names things of the current stop. They never repeat, so that a number of an earlier stop is
 * known as such instead of naming something else.
 */
export class Handles<T> {
  private readonly values = new Map<number, T>();
  private next = 1;

  /** A new number for `value`. */
  create(value: T): number {
    const handle = this.next++;
    this.values.set(handle, value);
    return handle;
  }

  /** The value behind a number; undefined when the number belongs to no value of this stop. */
  get(handle: number): T | undefined {
    return this.values.get(handle);
  }

  /** Forgets all values: the session stands somewhere else now. */
  clear(): void {
    this.values.clear();
  }
}
