import { OutputEvent } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Diagnostic } from '../script/diagnosticTypes';
import type { PlacedBreakpoint } from './breakpoints';
import type { ConsoleLine } from './console';
import { baseName } from './launch';
import type { Frame } from './stack';

/** How a client counts lines and columns, from 0 or from 1, and how it writes paths. Ours count from 1. */
export interface Numbering {
  /** Our line as the client counts it. */
  readonly line: (line: number) => number;
  readonly column: (column: number) => number;
  /** The client's line as we count it. */
  readonly fromLine: (line: number) => number;
  readonly fromColumn: (column: number) => number;
  readonly path: (path: string) => string;
}

/** More frames than any stack has, so that no two moments share the number of a frame. */
const FRAMES_PER_MOMENT = 16;

/** A script as a client names it. */
export function sourceOf(path: string, to: Numbering): DebugProtocol.Source {
  return { name: baseName(path), path: to.path(path) };
}

/** The frames of the moment `moment` of the script `path`, innermost first. */
export function stackFrames(
  frames: readonly Frame[],
  moment: number,
  path: string,
  to: Numbering,
): DebugProtocol.StackFrame[] {
  return frames.map(({ name, span, hint }, index) => {
    const frame = { id: moment * FRAMES_PER_MOMENT + index + 1, name, presentationHint: hint };
    if (span === null) return { ...frame, line: 0, column: 0 };
    return {
      ...frame,
      source: sourceOf(path, to),
      line: to.line(span.line),
      // No end: VS Code would select the statement at every stop.
      column: to.column(span.column),
    };
  });
}

/** A breakpoint: where it came to, or where it was asked for and why it is nowhere. */
export function breakpointOf(placed: PlacedBreakpoint, to: Numbering): DebugProtocol.Breakpoint {
  const { id, location, message, requested } = placed;
  return {
    id,
    verified: location !== null,
    line: to.line(location?.line ?? requested.line),
    ...(location === null ? {} : { column: to.column(location.column) }),
    ...(message === null ? {} : { message }),
  };
}

/** A line of the debug console; with `path`, it leads to its line of that script. */
export function outputOf({ category, text, line }: ConsoleLine, path: string | null, to: Numbering): OutputEvent {
  const event: DebugProtocol.OutputEvent & OutputEvent = new OutputEvent(`${text}\n`, category);
  if (line !== null && path !== null) {
    event.body.source = sourceOf(path, to);
    event.body.line = to.line(line);
  }
  return event;
}

/** A diagnostic as a line of the console, written as compilers do: `file:line:column: severity id message`. */
export function diagnosticLine(path: string, { span, severity, id, message }: Diagnostic): ConsoleLine {
  return {
    category: severity === 'error' ? 'stderr' : 'console',
    text: `${path}:${span.line}:${span.column}: ${severity} ${id} ${message}`,
    line: span.line,
  };
}
