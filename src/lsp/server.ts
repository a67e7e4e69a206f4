import {
  CodeActionKind,
  type CodeActionParams,
  type CompletionParams,
  type Connection,
  DidChangeConfigurationNotification,
  type DocumentFormattingParams,
  type DocumentRangeFormattingParams,
  type DocumentSymbolParams,
  type FoldingRangeParams,
  type HoverParams,
  type InitializeParams,
  type InitializeResult,
  type InlayHintParams,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Analyst, type Clock, type ScenarioRunner } from './analysis';
import { completions } from './completion';
import { folds } from './folding';
import { formatDocument, formatRange } from './formatting';
import { hover } from './hover';
import { inlayHints } from './inlayHints';
import { cancelled, Lifecycle } from './lifecycle';
import { tell } from './outlet';
import { quickFixes } from './quickFixes';
import { Scripts } from './scripts';
import { DEFAULT_SETTINGS, field, readSettings, type Settings, sameSettings } from './settings';
import { documentSymbols } from './symbols';

/** What a server needs of the place where it lives. */
export interface Environment {
  readonly clock: Clock;
  /** Runs scenarios; the product's own when absent. */
  readonly runner?: ScenarioRunner;
}

/** What the server can do. */
const CAPABILITIES: InitializeResult['capabilities'] = {
  textDocumentSync: TextDocumentSyncKind.Incremental,
  completionProvider: { triggerCharacters: ['.', ' ', '{', ','] },
  hoverProvider: true,
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
  inlayHintProvider: true,
};

/** Serves a connection until it ends. */
export function startServer(connection: Connection, environment: Environment): void {
  const documents = new TextDocuments(TextDocument);
  let settings: Settings = DEFAULT_SETTINGS;
  const scripts = new Scripts(new Analyst(environment.clock, environment.runner), {
    publish: (uri, version, diagnostics) => void tell(() => connection.sendDiagnostics({ uri, version, diagnostics })),
    log: (message) => void tell(() => connection.console.error(message)),
    bounds: () => settings.bounds,
  });

  documents.onDidChangeContent(({ document }) => scripts.update(document));
  documents.onDidClose(({ document }) => {
    scripts.forget(document.uri);
    void tell(() => connection.sendDiagnostics({ uri: document.uri, diagnostics: [] }));
  });

  let client: ClientAbilities = { pullsSettings: false, registersSettings: false, refreshesHints: false };
  const applySettings = (fresh: Settings): void => {
    if (sameSettings(settings, fresh)) return;
    settings = fresh;
    scripts.updateAll();
    if (client.refreshesHints) void tell(() => connection.languages.inlayHint.refresh());
  };
  const pullSettings = async (): Promise<void> =>
    applySettings(readSettings(await connection.workspace.getConfiguration('tcpscript')));

  const lifecycle = new Lifecycle();
  connection.onInitialize((params) => {
    const refusal = lifecycle.begin();
    if (refusal !== null) return refusal;
    client = abilitiesOf(params);
    settings = readSettings(params.initializationOptions);
    return { capabilities: CAPABILITIES, serverInfo: { name: 'TCPScript' } };
  });
  connection.onShutdown(() => lifecycle.end() ?? undefined);
  connection.onInitialized(async () => {
    if (client.registersSettings) {
      await connection.client.register(DidChangeConfigurationNotification.type, { section: 'tcpscript' });
    }
    if (client.pullsSettings) await pullSettings();
  });
  connection.onDidChangeConfiguration(async ({ settings: pushed }) => {
    if (client.pullsSettings) await pullSettings();
    else applySettings(readSettings(field(pushed, 'tcpscript')));
  });

  serveFeatures(connection, lifecycle, documents, scripts, () => settings);
  documents.listen(connection);
  connection.listen();
}

/** The requests about one document; for one that is not open the answer is empty. */
function serveFeatures(
  connection: Connection,
  lifecycle: Lifecycle,
  documents: TextDocuments<TextDocument>,
  scripts: Scripts,
  settings: () => Settings,
): void {
  const { clock } = scripts.analyst;
  connection.onCompletion(
    lifecycle.guard(['document', 'position'], ({ textDocument, position }: CompletionParams) => {
      const analysis = scripts.read(textDocument.uri);
      return analysis === null ? [] : completions(analysis, position);
    }),
  );
  connection.onHover(
    lifecycle.guard(['document', 'position'], async ({ textDocument, position }: HoverParams, token) => {
      // Reading a text costs more than a turn, in which the client may take the question back.
      await clock.nextTurn();
      await clock.nextTurn();
      if (token.isCancellationRequested) return cancelled();
      const analysis = scripts.read(textDocument.uri);
      return analysis === null ? null : hover(analysis, position);
    }),
  );
  connection.onDocumentSymbol(
    lifecycle.guard(['document'], ({ textDocument }: DocumentSymbolParams) => {
      const analysis = scripts.read(textDocument.uri);
      return analysis === null ? [] : documentSymbols(analysis.compiled.parsed);
    }),
  );
  connection.onFoldingRanges(
    lifecycle.guard(['document'], ({ textDocument }: FoldingRangeParams) => {
      const analysis = scripts.read(textDocument.uri);
      return analysis === null ? [] : folds(analysis.compiled.parsed);
    }),
  );
  connection.onDocumentFormatting(
    lifecycle.guard(['document'], ({ textDocument }: DocumentFormattingParams) => {
      const document = documents.get(textDocument.uri);
      return document === undefined ? [] : formatDocument(document.getText());
    }),
  );
  connection.onDocumentRangeFormatting(
    lifecycle.guard(['document', 'range'], ({ textDocument, range }: DocumentRangeFormattingParams) => {
      const document = documents.get(textDocument.uri);
      return document === undefined ? [] : formatRange(document.getText(), range);
    }),
  );
  connection.onCodeAction(
    lifecycle.guard(['document', 'context'], ({ textDocument, context }: CodeActionParams) =>
      quickFixes(context.diagnostics, textDocument.uri),
    ),
  );
  connection.languages.inlayHint.on(
    lifecycle.guard(['document', 'range'], async ({ textDocument, range }: InlayHintParams, token) => {
      if (!settings().showStates) return [];
      const analysis = await scripts.ran(textDocument.uri);
      if (token.isCancellationRequested) return cancelled();
      return analysis === null ? [] : inlayHints(analysis, range);
    }),
  );
}

/** What the editor can do, as far as the server's behaviour depends on it. */
interface ClientAbilities {
  readonly pullsSettings: boolean;
  readonly registersSettings: boolean;
  readonly refreshesHints: boolean;
}

function abilitiesOf({ capabilities }: InitializeParams): ClientAbilities {
  return {
    pullsSettings: capabilities.workspace?.configuration === true,
    registersSettings: capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true,
    refreshesHints: capabilities.workspace?.inlayHint?.refreshSupport === true,
  };
}
