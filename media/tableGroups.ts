import type { HostView, VariableView } from '../src/protocol/view';

/** One variable, for every host that has it. */
export interface TableRow {
  readonly name: string;
  readonly doc: string;
  readonly cells: readonly (VariableView | null)[];
}

/** The variables that belong together. */
export interface TableGroup {
  readonly group: string;
  readonly rows: readonly TableRow[];
}

/** The variables of all hosts side by side, in the order in which the hosts name them. */
export function tableGroups(hosts: readonly HostView[]): readonly TableGroup[] {
  const groups = new Map<string, Map<string, (VariableView | null)[]>>();
  hosts.forEach((host, column) => {
    for (const variable of host.variables) {
      const group = groups.get(variable.group) ?? new Map<string, (VariableView | null)[]>();
      groups.set(variable.group, group);
      const cells = group.get(variable.name) ?? hosts.map(() => null);
      group.set(variable.name, cells);
      cells[column] = variable;
    }
  });
  return [...groups].map(([group, rows]) => ({
    group,
    rows: [...rows].map(([name, cells]) => ({ name, cells, doc: docOf(cells) })),
  }));
}

function docOf(cells: readonly (VariableView | null)[]): string {
  const variable = cells.find((cell) => cell !== null);
  if (variable === undefined || variable === null) return '';
  return variable.section === null ? variable.doc : `${variable.doc} (${variable.section})`;
}
