/** The end of a switch over a union: reached only by a value that the types rule out, which is a bug; throws. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
