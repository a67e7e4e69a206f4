/** What the adapter needs of the place where it runs: Node, or an extension host of VS Code. */
export interface DapHost {
  /**
   * The text of the script that a client names, as the user sees it (in an editor: with unsaved edits).
   * Rejects with an `Error` whose message says why it can not be read.
   */
  readText(path: string): Promise<string>;
  /** A clock in milliseconds, from any start; it only bounds how long the adapter runs before it listens again. */
  nowMs(): number;
  /** Tells whoever looks after the adapter of something that its client did wrong; nobody is told when absent. */
  log?(message: string): void;
}
