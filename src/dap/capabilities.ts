import type { DebugProtocol } from '@vscode/debugprotocol';

/** The exception filter that stops a run at a check that fails. */
export const FAILED_CHECKS = 'failed-checks';

/** What the adapter tells a client that it can do. */
export const CAPABILITIES: DebugProtocol.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsStepBack: true,
  supportsRestartRequest: true,
  supportsTerminateRequest: true,
  supportsSteppingGranularity: true,
  supportsEvaluateForHovers: true,
  supportsClipboardContext: true,
  supportsBreakpointLocationsRequest: true,
  supportsConditionalBreakpoints: true,
  supportsExceptionInfoRequest: true,
  supportsCompletionsRequest: true,
  completionTriggerCharacters: ['.', ' '],
  exceptionBreakpointFilters: [
    {
      filter: FAILED_CHECKS,
      label: 'Failed checks',
      description: 'Stop where a check fails, or where TCP does not do what a line says.',
      default: true,
    },
  ],
};
