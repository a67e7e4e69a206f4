/** A string of the script with its escapes undone; `bad` is the offset and text of the first escape that there is not. */
export function unescapeString(body: string): {
  readonly text: string;
  readonly bad: { readonly offset: number; readonly text: string } | null;
} {
  let bad: { offset: number; text: string } | null = null;
  const text = body.replace(/\\(x[0-9A-Fa-f]{2}|[\s\S])/g, (whole, code: string, offset: number) => {
    const plain = ESCAPES.get(code);
    if (plain !== undefined) return plain;
    if (code.length === 3) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    bad ??= { offset, text: whole };
    return whole;
  });
  return { text, bad };
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['0', '\0'],
  ['"', '"'],
  ['\\', '\\'],
]);
