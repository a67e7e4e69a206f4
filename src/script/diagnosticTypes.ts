import type { Span } from './program';

/** How bad a diagnostic is. */
export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** One remark about a script. Tests assert `id` and `span`, never prose. */
export interface Diagnostic {
  /** A stable id of the table of diagnostics, such as `unknown-word`. */
  readonly id: string;
  readonly severity: Severity;
  readonly span: Span;
  /** One plain sentence or two, with a suggestion where there is one. */
  readonly message: string;
  /** Other lines that have to do with it, such as the `drop` that is to blame. */
  readonly related?: readonly { readonly span: Span; readonly message: string }[];
  /** Replacements that would mend it (did you mean). */
  readonly suggestions?: readonly string[];
  /** `unnecessary` fades the text: it is never reached. */
  readonly tag?: 'unnecessary';
  /** The RFC section that gives the reason, such as `RFC 9293 3.10.7.4`. */
  readonly reference?: string;
}
