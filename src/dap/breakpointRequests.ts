import type { DebugProtocol } from '@vscode/debugprotocol';
import { compileScript } from '../script';
import {
  BreakpointTable,
  type PlacedBreakpoint,
  type PlacedScript,
  readBreakpoints,
  statementLocations,
} from './breakpoints';
import { FAILED_CHECKS } from './capabilities';
import { breakpointOf, type Numbering } from './clientTerms';
import type { DapHost } from './host';
import type { LoadedScript } from './launch';
import {
  asRecord,
  type Handler,
  listOf,
  optionalIndex,
  optionalText,
  type RawArguments,
  RequestError,
  requiredIndex,
} from './requests';

/** What stops runs, and the requests that say so. It outlives a run, so that the next one stops at the same places. */
export class BreakpointRequests {
  readonly breakpoints = new BreakpointTable();
  /** Whether a failed check stops a run; clients that say nothing get the filter's default. */
  stopOnFailedChecks = true;
  /** The requests by name. */
  readonly handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
    ['setBreakpoints', async (args) => ({ body: await this.set(args) })],
    ['setExceptionBreakpoints', (args) => ({ body: this.setExceptions(args) })],
    ['breakpointLocations', async (args) => ({ body: await this.locations(args) })],
  ]);
  private readonly host: DapHost;
  private readonly numbering: Numbering;
  private script: LoadedScript | null = null;

  constructor(host: DapHost, numbering: Numbering) {
    this.host = host;
    this.numbering = numbering;
  }

  /** Puts the breakpoints on the statements of the script that runs from now on, and returns those that are told otherwise. */
  place(script: LoadedScript): DebugProtocol.Breakpoint[] {
    this.script = script;
    const { path, program, scenario } = script;
    return this.inClientTerms(this.breakpoints.place({ path, program, running: scenario }));
  }

  private async set(args: RawArguments): Promise<DebugProtocol.SetBreakpointsResponse['body']> {
    const path = pathOf(args);
    const { fromLine, fromColumn } = this.numbering;
    const requested = readBreakpoints(args, fromLine, fromColumn);
    const preview = this.script === null ? await this.previewOf(path) : null;
    return { breakpoints: this.inClientTerms(this.breakpoints.set(path, requested, preview)) };
  }

  private setExceptions(args: RawArguments): NonNullable<DebugProtocol.SetExceptionBreakpointsResponse['body']> {
    const filters = listOf(args, 'filters');
    this.stopOnFailedChecks = filters.includes(FAILED_CHECKS);
    return { breakpoints: filters.map((filter) => ({ verified: filter === FAILED_CHECKS })) };
  }

  private async locations(args: RawArguments): Promise<DebugProtocol.BreakpointLocationsResponse['body']> {
    const { fromLine, line: toLine, column: toColumn } = this.numbering;
    const first = requiredIndex(args, 'line');
    const last = optionalIndex(args, 'endLine') ?? first;
    const script = this.script ?? (await this.previewOf(pathOf(args)));
    const breakpoints = (script?.program.scenarios ?? [])
      .flatMap(statementLocations)
      .filter(({ line }) => line >= fromLine(first) && line <= fromLine(last))
      .map(({ line, column }) => ({ line: toLine(line), column: toColumn(column) }));
    return { breakpoints };
  }

  /** What a file holds before anything is launched; null when it can not be read, which the launch will report. */
  private async previewOf(path: string): Promise<PlacedScript | null> {
    const text = await this.host.readText(path).catch(() => null);
    return text === null ? null : { path, program: compileScript(text).program, running: null };
  }

  private inClientTerms(placed: readonly PlacedBreakpoint[]): DebugProtocol.Breakpoint[] {
    return placed.map((breakpoint) => breakpointOf(breakpoint, this.numbering));
  }
}

function pathOf(args: RawArguments): string {
  const path = optionalText(asRecord(args.source), 'path');
  if (path === undefined) throw new RequestError('The source has no path.');
  return path;
}
