import { type CodeAction, CodeActionKind, type Diagnostic } from 'vscode-languageserver';

/** One "did you mean" for each suggestion of the diagnostics at hand. */
export function quickFixes(diagnostics: readonly Diagnostic[], uri: string): CodeAction[] {
  return diagnostics.flatMap((diagnostic) =>
    suggestionsOf(diagnostic.data).map(
      (newText, index, all): CodeAction => ({
        title: `Write \`${newText}\``,
        kind: CodeActionKind.QuickFix,
        diagnostics: [diagnostic],
        isPreferred: index === 0 && all.length === 1,
        edit: { changes: { [uri]: [{ range: diagnostic.range, newText }] } },
      }),
    ),
  );
}

/** The data comes back from the editor, so its shape is not taken on trust. */
function suggestionsOf(data: unknown): string[] {
  if (typeof data !== 'object' || data === null || !('suggestions' in data) || !Array.isArray(data.suggestions))
    return [];
  return data.suggestions.filter((suggestion): suggestion is string => typeof suggestion === 'string');
}
