import {
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  DiagnosticTag,
  type Diagnostic as LspDiagnostic,
} from 'vscode-languageserver';
import type { Diagnostic, Severity } from '../script/diagnosticTypes';
import type { Analysis } from './analysis';
import { toRange } from './positions';
import { referenceUrl } from './rfcReference';

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** Everything that is to be underlined, in order of lines: how the script is written and, as far as it has run, what it means. */
export function diagnosticsOf(analysis: Analysis, uri: string): LspDiagnostic[] {
  const { compiled, run, crash } = analysis;
  const ran = (run ?? []).flatMap(({ diagnostics }) => diagnostics);
  const all = [...compiled.diagnostics, ...ran, ...(crash === null ? [] : [crash])];
  all.sort((a, b) => a.span.line - b.span.line || a.span.column - b.span.column);
  return all.map((diagnostic) => toLsp(diagnostic, uri, compiled.parsed.lines));
}

/** What a diagnostic carries for the quick fixes: replacements of its whole range. */
export interface DiagnosticData {
  readonly suggestions: readonly string[];
}

function toLsp(diagnostic: Diagnostic, uri: string, lines: readonly string[]): LspDiagnostic {
  const { id, severity, span, message, related, suggestions, tag, reference } = diagnostic;
  const url = reference === undefined ? null : referenceUrl(reference);
  const data: DiagnosticData | null = suggestions === undefined ? null : { suggestions };
  return {
    range: toRange(span, lines),
    severity: SEVERITIES[severity],
    code: id,
    source: 'tcpscript',
    message: reference === undefined ? message : `${message} (${reference})`,
    ...(url === null ? {} : { codeDescription: { href: url } }),
    ...(tag === undefined ? {} : { tags: [DiagnosticTag.Unnecessary] }),
    ...(data === null ? {} : { data }),
    ...(related === undefined ? {} : { relatedInformation: related.map((one) => toRelated(one, uri, lines)) }),
  };
}

function toRelated(
  { span, message }: NonNullable<Diagnostic['related']>[number],
  uri: string,
  lines: readonly string[],
): DiagnosticRelatedInformation {
  return { location: { uri, range: toRange(span, lines) }, message };
}
