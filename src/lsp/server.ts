import {
  CodeActionKind,
  type Connection,
  DidChangeConfigurationNotification,
  type InitializeParams,
  type InitializeResult,
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
    publish: (uri, version, diagnostics) => void connection.sendDiagnostics({ uri, version, diagnostics }),
    log: (message) => connection.console.error(message),
    bounds: () => settings.bounds,
  });

  documents.onDidChangeContent(({ document }) => scripts.update(document));
  documents.onDidClose(({ document }) => {
    scripts.forget(document.uri);
    void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
  });

  let client: ClientAbilities = { pullsSettings: false, registersSettings: false, refreshesHints: false };
  const applySettings = (fresh: Settings): void => {
    if (sameSettings(settings, fresh)) return;
    settings = fresh;
    scripts.updateAll();
    if (client.refreshesHints) void connection.languages.inlayHint.refresh();
  };
  const pullSettings = async (): Promise<void> =>
    applySettings(readSettings(await connection.workspace.getConfiguration('tcpscript')));

  connection.onInitialize((params) => {
    client = abilitiesOf(params);
    settings = readSettings(params.initializationOptions);
    return { capabilities: CAPABILITIES, serverInfo: { name: 'TCPScript' } };
  });
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

  serveFeatures(connection, documents, scripts, () => settings);
  documents.listen(connection);
  connection.listen();
}

/** The requests about one document; for one that is not open the answer is empty. */
function serveFeatures(
  connection: Connection,
  documents: TextDocuments<TextDocument>,
  scripts: Scripts,
  settings: () => Settings,
): void {
  connection.onCompletion(({ textDocument, position }) => {
    const analysis = scripts.read(textDocument.uri);
    return analysis === null ? [] : completions(analysis, position);
  });
  connection.onHover(({ textDocument, position }) => {
    const analysis = scripts.read(textDocument.uri);
    return analysis === null ? null : hover(analysis, position);
  });
  connection.onDocumentSymbol(({ textDocument }) => {
    const analysis = scripts.read(textDocument.uri);
    return analysis === null ? [] : documentSymbols(analysis.compiled.parsed);
  });
  connection.onFoldingRanges(({ textDocument }) => {
    const analysis = scripts.read(textDocument.uri);
    return analysis === null ? [] : folds(analysis.compiled.parsed);
  });
  connection.onDocumentFormatting(({ textDocument }) => {
    const document = documents.get(textDocument.uri);
    return document === undefined ? [] : formatDocument(document.getText());
  });
  connection.onDocumentRangeFormatting(({ textDocument, range }) => {
    const document = documents.get(textDocument.uri);
    return document === undefined ? [] : formatRange(document.getText(), range);
  });
  connection.onCodeAction(({ textDocument, context }) => quickFixes(context.diagnostics, textDocument.uri));
  connection.languages.inlayHint.on(async ({ textDocument, range }) => {
    if (!settings().showStates) return [];
    const analysis = await scripts.ran(textDocument.uri);
    return analysis === null ? [] : inlayHints(analysis, range);
  });
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
