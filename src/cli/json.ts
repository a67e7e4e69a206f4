/** A list that is made as it is read. */
function isStream(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Symbol.iterator in value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const STEP = '  ';

/**
 * The text that `JSON.stringify(value, null, 2)` gives, a piece at a time. Where plain data stands for a list, an
 * iterable may stand, which is read once and of which one row is in memory at a time.
 */
export function* jsonPieces(value: unknown, indent = ''): Generator<string> {
  if (isStream(value)) yield* listPieces(value, indent);
  else if (isRecord(value) && Object.values(value).some(isStream)) yield* recordPieces(value, indent);
  else yield plainText(value, indent);
}

/** A string has no line end in JSON, so that every line end is one of the layout. */
function plainText(value: unknown, indent: string): string {
  return (JSON.stringify(value, null, STEP) ?? 'null').replaceAll('\n', `\n${indent}`);
}

function* listPieces(rows: Iterable<unknown>, indent: string): Generator<string> {
  let before = '[';
  for (const row of rows) {
    yield `${before}\n${indent}${STEP}`;
    yield* jsonPieces(row, indent + STEP);
    before = ',';
  }
  yield before === '[' ? '[]' : `\n${indent}]`;
}

function* recordPieces(record: Readonly<Record<string, unknown>>, indent: string): Generator<string> {
  let before = '{';
  for (const [key, value] of Object.entries(record)) {
    if (value === undefined) continue;
    yield `${before}\n${indent}${STEP}${JSON.stringify(key)}: `;
    yield* jsonPieces(value, indent + STEP);
    before = ',';
  }
  yield before === '{' ? '{}' : `\n${indent}}`;
}
