const CHUNK_BITS = 12;
const CHUNK_SIZE = 1 << CHUNK_BITS;

/** Integers from 0 to 2^31 - 1 by index, 0 where none was set: four bytes each, in chunks, so that growing never copies. */
export class NumberColumn {
  readonly #chunks: Int32Array[] = [];

  /** The number at `index`, an integer from 0; 0 when none was set there. */
  get(index: number): number {
    return this.#chunks[index >>> CHUNK_BITS]?.[index & (CHUNK_SIZE - 1)] ?? 0;
  }

  /** Sets the number at `index`, an integer from 0. */
  set(index: number, value: number): void {
    const at = index >>> CHUNK_BITS;
    while (this.#chunks.length <= at) this.#chunks.push(new Int32Array(CHUNK_SIZE));
    const chunk = this.#chunks[at];
    if (chunk !== undefined) chunk[index & (CHUNK_SIZE - 1)] = value;
  }
}
