import type { ScenarioProgram, Statement } from '../script/program';

/** What the script says on a line, also inside the bodies of `at` and `on`; null when no statement is there. */
export function statementTextAt({ body }: ScenarioProgram, line: number): string | null {
  return find(body, line)?.text ?? null;
}

/** The statement on a line. Bodies are in order of lines, so that most of a long script is passed over. */
function find(body: readonly Statement[], line: number): Statement | null {
  let low = 0;
  let high = body.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((body[middle]?.span.line ?? 0) <= line) low = middle + 1;
    else high = middle;
  }
  const statement = body[low - 1];
  if (statement === undefined) return null;
  if (statement.span.line === line) return firstOnLine(body, low - 1, line);
  return 'body' in statement ? find(statement.body, line) : null;
}

/** Several statements may share a line, separated by `;`: the first stands for all. */
function firstOnLine(body: readonly Statement[], index: number, line: number): Statement | null {
  let first = index;
  while (first > 0 && body[first - 1]?.span.line === line) first--;
  return body[first] ?? null;
}
