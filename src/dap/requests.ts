import type { DebugProtocol } from '@vscode/debugprotocol';

/** A request that can not be obeyed. Its message is for the user; `showUser` asks the client to show it in a dialog. */
export class RequestError extends Error {
  readonly showUser: boolean;

  constructor(message: string, options: { readonly showUser?: boolean } = {}) {
    super(message);
    this.name = 'RequestError';
    this.showUser = options.showUser ?? false;
  }

  /** The error as a response's body has it. Braces would be read as variables of the message, hence the variable. */
  toMessage(): DebugProtocol.Message {
    return { id: 1000, format: '{_text}', variables: { _text: this.message }, showUser: this.showUser };
  }
}

/** What a handler gives back: the response's body, and what is to be done once the response is on its way. */
export interface Reply {
  readonly body?: object;
  readonly after?: () => void;
}

/** Answers one kind of request. Throws {@link RequestError} for what can not be obeyed. */
export type Handler = (args: RawArguments) => Reply | Promise<Reply>;

/** An error as a line for whoever has to find out what went wrong. */
export function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The arguments of a request: they come from outside, so every field is looked at before it is used. */
export type RawArguments = Readonly<Record<string, unknown>>;

/** The arguments of a request as a record; anything else than an object counts as no arguments. */
export function asRecord(value: unknown): RawArguments {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as RawArguments) : {};
}

/** An optional text; throws {@link RequestError} when it is something else. */
export function optionalText(args: RawArguments, name: string): string | undefined {
  const value = args[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new RequestError(`"${name}" must be text.`);
  return value;
}

/** An optional truth value; throws {@link RequestError} when it is something else. */
export function optionalBoolean(args: RawArguments, name: string): boolean | undefined {
  const value = args[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw new RequestError(`"${name}" must be true or false.`);
  return value;
}

/** An optional whole number that is not negative; throws {@link RequestError} when it is something else. */
export function optionalIndex(args: RawArguments, name: string): number | undefined {
  const value = args[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new RequestError(`"${name}" must be a whole number that is not negative.`);
  }
  return value;
}

/** A whole number that is not negative and must be there; throws {@link RequestError} otherwise. */
export function requiredIndex(args: RawArguments, name: string): number {
  const value = optionalIndex(args, name);
  if (value === undefined) throw new RequestError(`"${name}" is missing.`);
  return value;
}

/** A list; a missing one is empty, and throws {@link RequestError} when it is something else. */
export function listOf(args: RawArguments, name: string): readonly unknown[] {
  const value = args[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new RequestError(`"${name}" must be a list.`);
  return value;
}
