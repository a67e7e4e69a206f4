import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenedWorkbench, openWorkbench } from './support';

describe('the editor', () => {
  let opened: OpenedWorkbench;

  beforeAll(async () => {
    opened = await openWorkbench();
  });

  afterAll(async () => {
    await opened?.close();
  });

  test('underlines mistakes of spelling and of meaning', async () => {
    const { workbench } = opened;
    await workbench.openFile('mistakes.tcpscript');
    await workbench.page.locator('.squiggly-error').nth(1).waitFor();
    await workbench.command('Problems: Focus on Problems View');
    const problems = workbench.page.locator('.markers-panel .monaco-list-row');
    await problems.nth(3).waitFor();
    expect(await problems.allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringMatching(/Ln 11/), expect.stringMatching(/Ln 12/)]),
    );
    await workbench.command('View: Toggle Panel Visibility');
  });

  test('colours the words of the language', async () => {
    const { page } = opened.workbench;
    const colours = await page
      .locator('.monaco-editor .view-line span span')
      .evaluateAll((spans) => [...new Set(spans.map((span) => getComputedStyle(span).color))]);
    expect(colours.length).toBeGreaterThan(2);
  });

  test('shows the states at the ends of the lines', async () => {
    const { workbench } = opened;
    await workbench.openFile('handshake.tcpscript');
    await workbench.page.locator('.view-line', { hasText: 'SYN-SENT' }).first().waitFor();
  });

  test('completes and corrects while one types', async () => {
    const { workbench } = opened;
    const { page } = workbench;
    await workbench.openFile('mistakes.tcpscript');
    await workbench.goToLine(13);
    await page.keyboard.type('client ');
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-widget .monaco-list-row', { hasText: 'connect' }).first().waitFor();
    await page.keyboard.press('Escape');
  });
});
