import type { Diagnostic } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Analysis, Analyst, RunBounds } from './analysis';
import { diagnosticsOf } from './diagnostics';

/** What the open scripts ask of the connection. */
export interface ScriptsHost {
  publish(uri: string, version: number, diagnostics: Diagnostic[]): void;
  /** Writes to the log of the server, for who looks after it. */
  log(message: string): void;
  bounds(): RunBounds;
}

interface OpenScript {
  readonly document: TextDocument;
  /** Of some version of the document, not always the newest. */
  analysis: Analysis;
  /** Resolves when the newest analysis has been run or given up. */
  settled: Promise<void>;
  /** Counts the runs that were begun, so that an older one notices that it is stale. */
  turn: number;
}

/** How many messages may come between two changes of one burst. */
const TURNS_OF_GRACE = 16;

/** The open scripts and what is known of each. */
export class Scripts {
  readonly #open = new Map<string, OpenScript>();

  constructor(
    readonly analyst: Analyst,
    readonly host: ScriptsHost,
  ) {}

  /** The document was opened or its text has changed: it is read and run anew, and its diagnostics are published. */
  update(document: TextDocument): void {
    const known = this.#open.get(document.uri);
    const script: OpenScript = known ?? {
      document,
      analysis: this.analyst.read(document.getText(), document.version),
      settled: Promise.resolve(),
      turn: 0,
    };
    this.#open.set(document.uri, script);
    script.settled = this.#process(script, ++script.turn);
  }

  /** Runs every open script anew, after the bounds have changed. */
  updateAll(): void {
    for (const script of this.#open.values()) script.settled = this.#process(script, ++script.turn);
  }

  /** The document was closed. */
  forget(uri: string): void {
    const script = this.#open.get(uri);
    if (script !== undefined) script.turn++;
    this.#open.delete(uri);
  }

  /** What is known of the newest text, read but perhaps not run yet; null when it is not open. */
  read(uri: string): Analysis | null {
    const script = this.#open.get(uri);
    return script === undefined ? null : this.#fresh(script);
  }

  /** What is known of the newest text once it was run; null when it is not open or changed again meanwhile. */
  async ran(uri: string): Promise<Analysis | null> {
    const script = this.#open.get(uri);
    if (script === undefined) return null;
    await script.settled;
    return script.analysis.version === script.document.version && script.analysis.run !== null ? script.analysis : null;
  }

  #fresh(script: OpenScript): Analysis {
    const { document } = script;
    if (script.analysis.version !== document.version) {
      script.analysis = this.analyst.read(document.getText(), document.version);
    }
    return script.analysis;
  }

  async #process(script: OpenScript, turn: number): Promise<void> {
    const { clock } = this.analyst;
    const isStale = () => script.turn !== turn;
    // The connection hands out one message a turn: whoever types fast is answered once, for the last text, also when
    // requests and their cancellations come between two changes. Turns without a message take no time.
    for (let turn = 0; turn < TURNS_OF_GRACE; turn++) {
      await clock.nextTurn();
      if (isStale()) return;
    }
    try {
      const analysis = this.#fresh(script);
      const publish = () => this.#publish(script, analysis);
      await this.analyst.run(analysis, this.host.bounds(), isStale, publish);
      if (isStale()) return;
      if (analysis.crash !== null) this.host.log(`${script.document.uri}: ${analysis.crash.message}`);
      publish();
    } catch (error) {
      this.host.log(
        `${script.document.uri}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
  }

  #publish({ document }: OpenScript, analysis: Analysis): void {
    this.host.publish(document.uri, analysis.version, diagnosticsOf(analysis, document.uri));
  }
}
