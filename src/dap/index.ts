/**
 * The debug adapter: the Debug Adapter Protocol on one side, a `Session` on the other.
 *
 * A client's request comes in through `adapter.ts`, which knows every request by name and answers them in order: those that
 * move (`movements.ts`), those that ask (`questions.ts`), those about breakpoints (`breakpointRequests.ts`). What a client
 * hears without having asked goes through `client.ts`. There is one `DebuggedRun` (`debuggedRun.ts`): a script that was loaded (`launch.ts`), its session, and what is told of it: the
 * stack (`stack.ts`), scopes and variables (`variables.ts`), lines for the debug console (`console.ts`), messages for the
 * panel (`panelFeed.ts`), which knows a window of a long run and gets more when somebody looks there. Movements forward go through the `Runner` (`runner.ts`), which runs in slices, so that a long run
 * can be paused or given up; movements back are to moments that are known, and are made at once. Where a movement stops
 * is decided in `src/session/stepping.ts` and, for breakpoints, in `breakpoints.ts` (asked for through `breakpointRequests.ts`).
 *
 * The adapter keeps no state of TCP: ask it twice about the same moment and it says the same, however it came there.
 */
export { TcpscriptDebugSession } from './adapter';
export type { DapHost } from './host';
