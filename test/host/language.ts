import { assert } from 'chai';
import * as vscode from 'vscode';
import { behind, cleanOf, closeAll, diagnosticsOf, openScript, openText } from './support';

const lines = (diagnostics: readonly vscode.Diagnostic[]): number[] =>
  diagnostics.map(({ range }) => range.start.line + 1).sort((a, b) => a - b);

const labelText = ({ label }: vscode.InlayHint): string =>
  typeof label === 'string' ? label : label.map(({ value }) => value).join('');

const hoverText = (hovers: readonly vscode.Hover[]): string =>
  hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === 'string' ? content : content.value))
    .join('\n');

function inlayHints(document: vscode.TextDocument): Thenable<vscode.InlayHint[]> {
  const all = new vscode.Range(0, 0, document.lineCount, 0);
  return vscode.commands.executeCommand('vscode.executeInlayHintProvider', document.uri, all);
}

async function completions(document: vscode.TextDocument, position: vscode.Position): Promise<string[]> {
  const list: vscode.CompletionList = await vscode.commands.executeCommand(
    'vscode.executeCompletionItemProvider',
    document.uri,
    position,
  );
  return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
}

describe('the language in the editor', () => {
  afterEach(closeAll);

  it('finds nothing wrong with a handshake', async () => {
    const { uri } = await openScript('handshake.tcpscript');
    const broken = await openText('server lisen\n');
    await diagnosticsOf(broken.uri);
    assert.deepEqual(vscode.languages.getDiagnostics(uri), []);
  });

  it('underlines every broken line, and only those', async () => {
    const { uri } = await openText('server lisen\nclient send SYN\nclient sned ACK\n');
    assert.deepEqual(
      lines(await diagnosticsOf(uri, 2))
        .slice(0, 3)
        .filter((line) => line !== 2),
      [1, 3],
    );
  });

  it('underlines what TCP would not do, and clears it when the script is mended', async () => {
    const document = await openText('server listen\nclient send SYN\nserver send SYN-ACK\nexpect server is LISTEN\n');
    const found = await diagnosticsOf(document.uri);
    assert.deepEqual(lines(found), [4]);
    assert.include(found[0]?.message, 'SYN-RECEIVED');
    const edit = new vscode.WorkspaceEdit();
    const start = behind(document, 'expect server is ');
    edit.replace(document.uri, new vscode.Range(start, start.translate(0, 'LISTEN'.length)), 'SYN-RECEIVED');
    await vscode.workspace.applyEdit(edit);
    await cleanOf(document.uri);
  });

  it('shows the states at the ends of the lines, unless told not to', async () => {
    const document = await openScript('handshake.tcpscript');
    const hints = await inlayHints(document);
    const second = hints.find(({ position }) => position.line === 1);
    assert.isDefined(second);
    assert.include(labelText(second), 'SYN-SENT');
    const settings = vscode.workspace.getConfiguration('tcpscript');
    await settings.update('inlayHints.states', false, vscode.ConfigurationTarget.Global);
    try {
      assert.deepEqual(await inlayHints(document), []);
    } finally {
      await settings.update('inlayHints.states', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('completes verbs after a host, and states after "is"', async () => {
    const document = await openText('server listen\nclient \nexpect server is \n');
    assert.includeMembers(await completions(document, new vscode.Position(1, 7)), ['send', 'connect', 'close']);
    assert.includeMembers(await completions(document, new vscode.Position(2, 17)), ['ESTABLISHED', 'TIME-WAIT']);
  });

  it('explains a word with its RFC section', async () => {
    const document = await openText('server listen\nexpect server is LISTEN\n');
    const hovers: vscode.Hover[] = await vscode.commands.executeCommand(
      'vscode.executeHoverProvider',
      document.uri,
      behind(document, 'is LI'),
    );
    assert.match(hoverText(hovers), /RFC 9293/);
  });

  it('outlines and folds scenarios', async () => {
    const document = await openText('scenario "One"\nserver listen\nclient send SYN\nscenario "Two"\nserver listen\n');
    const symbols: vscode.DocumentSymbol[] = await vscode.commands.executeCommand(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    assert.deepEqual(
      symbols.map(({ name }) => name.replaceAll('"', '')),
      ['One', 'Two'],
    );
    const ranges: vscode.FoldingRange[] = await vscode.commands.executeCommand(
      'vscode.executeFoldingRangeProvider',
      document.uri,
    );
    assert.isTrue(ranges.some(({ start }) => start === 0));
  });

  it('formats a script', async () => {
    const document = await openText('server   listen\nclient send syn\n');
    const edits: vscode.TextEdit[] = await vscode.commands.executeCommand(
      'vscode.executeFormatDocumentProvider',
      document.uri,
      { insertSpaces: true, tabSize: 2 },
    );
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, edits);
    await vscode.workspace.applyEdit(edit);
    assert.equal(document.getText(), 'server listen\nclient send SYN\n');
  });
});
