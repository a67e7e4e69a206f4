import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver';

import { type OutlineItem, outline, type ParsedScript } from '../script';
import { toRange } from './positions';

const KINDS: Readonly<Record<OutlineItem['kind'], SymbolKind>> = {
  scenario: SymbolKind.Module,
  host: SymbolKind.Class,
  link: SymbolKind.Interface,
  at: SymbolKind.Event,
  on: SymbolKind.Event,
};

/** The outline of a script: its scenarios with what they declare. */
export function documentSymbols(parsed: ParsedScript): DocumentSymbol[] {
  return outline(parsed).map((item) => toSymbol(item, parsed.lines));
}

function toSymbol(
  { name, detail, kind, span, nameSpan, children }: OutlineItem,
  lines: readonly string[],
): DocumentSymbol {
  return {
    // An empty name would make the editor refuse the whole outline.
    name: name.trim() === '' ? kind : name,
    detail,
    kind: KINDS[kind],
    range: toRange(span, lines),
    selectionRange: toRange(nameSpan, lines),
    children: children.map((child) => toSymbol(child, lines)),
  };
}
