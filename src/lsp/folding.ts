import { type FoldingRange, FoldingRangeKind } from 'vscode-languageserver';

import { foldingRanges, type ParsedScript, type FoldingRange as ScriptFold } from '../script';

const KINDS: Readonly<Record<ScriptFold['kind'], FoldingRangeKind | null>> = {
  region: FoldingRangeKind.Region,
  comment: FoldingRangeKind.Comment,
  block: null,
};

/** What can be folded: scenarios, blocks (whose closing brace stays in sight) and comments of several lines. */
export function folds(parsed: ParsedScript): FoldingRange[] {
  return foldingRanges(parsed).flatMap(({ startLine, endLine, kind }) => {
    const lspKind = KINDS[kind];
    const last = kind === 'block' ? endLine - 2 : endLine - 1;
    if (last < startLine) return [];
    return [{ startLine: startLine - 1, endLine: last, ...(lspKind === null ? {} : { kind: lspKind }) }];
  });
}
