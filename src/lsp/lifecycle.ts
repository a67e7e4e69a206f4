import { type CancellationToken, ErrorCodes, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { field } from './settings';

/** What a request must say for its handler to understand it. */
export type Need = 'document' | 'position' | 'range' | 'context';

const PRESENT: Readonly<Record<Need, (params: unknown) => boolean>> = {
  document: (params) => typeof field(field(params, 'textDocument'), 'uri') === 'string',
  context: (params) => Array.isArray(field(field(params, 'context'), 'diagnostics')),
  position: (params) => isPosition(field(params, 'position')),
  range: (params) =>
    isPosition(field(field(params, 'range'), 'start')) && isPosition(field(field(params, 'range'), 'end')),
};

type Handler<P, R> = (params: P, token: CancellationToken) => R;

/**
 * Where the server is between `initialize` and `shutdown`: requests outside of that, and those that do not say what they
 * must, are refused as the Language Server Protocol 3.17 asks ("Server lifecycle").
 */
export class Lifecycle {
  #phase: 'new' | 'serving' | 'shut-down' = 'new';

  /** `initialize` came; the error when it came before. */
  begin(): ResponseError<never> | null {
    if (this.#phase !== 'new') {
      return new ResponseError<never>(ErrorCodes.InvalidRequest, 'The server has been initialized already.');
    }
    this.#phase = 'serving';
    return null;
  }

  /** `shutdown` came; the error when there is nothing to shut down. */
  end(): ResponseError<never> | null {
    const refusal = this.#refusal();
    if (refusal === null) this.#phase = 'shut-down';
    return refusal;
  }

  /** `handler` for requests that may be answered now and that say what it `needs`; others get an error. */
  guard<P, R>(needs: readonly Need[], handler: Handler<P, R>): Handler<P, R | ResponseError<never>> {
    return (params, token) => {
      const refusal = this.#refusal();
      if (refusal !== null) return refusal;
      const missing = needs.find((need) => !PRESENT[need](params));
      if (missing === undefined) return handler(params, token);
      return new ResponseError<never>(ErrorCodes.InvalidParams, `The request names no ${missing}.`);
    };
  }

  #refusal(): ResponseError<never> | null {
    switch (this.#phase) {
      case 'new':
        return new ResponseError<never>(ErrorCodes.ServerNotInitialized, 'The server has not been initialized yet.');
      case 'serving':
        return null;
      case 'shut-down':
        return new ResponseError<never>(ErrorCodes.InvalidRequest, 'The server has been shut down.');
    }
  }
}

/** The answer to a request that its client has given up. */
export function cancelled(): ResponseError<never> {
  return new ResponseError<never>(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
}

function isPosition(value: unknown): boolean {
  return isIndex(field(value, 'line')) && isIndex(field(value, 'character'));
}

function isIndex(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
