import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Theme, themes } from '../../scripts/lib/workbench.mjs';
import { type OpenedWorkbench, openWorkbench } from './support';

/** Lines of `teardown.tcpscript`. */
const sendSyn = 5;
const sendFin = 12;

describe('the debugger and its panel', () => {
  let opened: OpenedWorkbench;

  /** An arrow of the diagram, by how it is read aloud. */
  const arrow = (name: RegExp) => opened.workbench.panel.getByRole('button', { name });
  const focusedArrow = async (): Promise<string> =>
    (
      await opened.workbench.panel.locator('.arrow:focus').evaluateAll((all) => all.map((each) => each.ariaLabel))
    ).join();
  const line = (): Promise<number> => opened.workbench.currentLine();

  beforeAll(async () => {
    opened = await openWorkbench();
    await opened.workbench.openFile('teardown.tcpscript');
    await opened.workbench.debug();
    await opened.workbench.panelShown();
  });

  afterAll(async () => {
    await opened?.close();
  });

  test('F5 stands before the first statement, and the panel shows both hosts', async () => {
    const { page, panel } = opened.workbench;
    await page.locator('.monaco-editor .debug-top-stack-frame-line').first().waitFor();
    expect(await line()).toBe(4);
    await expect.poll(() => panel.locator('.host-name').allTextContents()).toEqual(['client', 'server']);
  });

  test('F10 steps, and the panel draws the segment and the states', async () => {
    const { workbench } = opened;
    await workbench.stepTo(sendSyn + 1);
    await arrow(/^SYN\b/i)
      .first()
      .waitFor();
    await workbench.panel.locator('table .state', { hasText: 'SYN-SENT' }).waitFor();
    await workbench.variables.filter({ hasText: 'client' }).first().waitFor();
  });

  test('F11 steps into a single event, and the panel gives the reason with its RFC section', async () => {
    const { workbench } = opened;
    await workbench.page.keyboard.press('F11');
    await workbench.panel.locator('a[href*="rfc9293"]').first().waitFor();
    // Until VS Code shows the stop too, it takes no further step.
    await workbench.frames.filter({ hasText: 'RFC 9293' }).first().waitFor();
    await workbench.page.keyboard.press('F10');
    await expect.poll(line).toBe(sendSyn + 2);
  });

  test('a button of the panel steps the debugger', async () => {
    const { workbench } = opened;
    await workbench.panel.getByRole('button', { name: 'Step back one statement' }).click();
    await expect.poll(line).toBe(sendSyn + 1);
    await workbench.panel.getByRole('button', { name: 'Step over' }).click();
    await expect.poll(line).toBe(sendSyn + 2);
  });

  test('a click on an arrow shows its line and travels to it', async () => {
    const { workbench } = opened;
    await workbench.stepTo(sendFin + 1);
    await arrow(/^SYN\b/i)
      .first()
      .click();
    await expect.poll(line).toBe(sendSyn);
    await expect.poll(() => workbench.page.locator('.line-numbers.active-line-number').first().textContent()).toBe('5');
  });

  test('the diagram works by keyboard', async () => {
    const { workbench } = opened;
    const { page } = workbench;
    await arrow(/^SYN\b/i)
      .first()
      .focus();
    await page.keyboard.press('End');
    await expect.poll(focusedArrow).toMatch(/FIN/);
    await page.keyboard.press('Enter');
    await expect.poll(line).toBe(sendFin);
    await page.keyboard.press('Home');
    await expect.poll(focusedArrow).toMatch(/^SYN\b/i);
  });

  test.each(Object.keys(themes) as Theme[])('the panel follows the theme: %s', async (theme) => {
    const { workbench } = opened;
    await workbench.theme(theme);
    const editor = workbench.page.locator('.part.editor .monaco-editor').first();
    const paper = (element: Element): string => getComputedStyle(element).backgroundColor;
    const wanted = await editor.evaluate(paper);
    await expect.poll(() => workbench.panel.locator('tcpscript-panel').evaluate(paper)).toBe(wanted);
  });

  test('at the end of the run the debugger stops, and ends when continued once more', async () => {
    const { workbench } = opened;
    await workbench.command('View: Focus First Editor Group');
    await workbench.page.keyboard.press('F5');
    await workbench.page.locator('.debug-call-stack .monaco-list-row', { hasText: 'The run is over' }).waitFor();
    await workbench.panel.locator('.state', { hasText: 'TIME-WAIT' }).first().waitFor();
    await workbench.page.keyboard.press('F5');
    await workbench.debuggingEnded();
    await workbench.panel.getByText('ended').first().waitFor();
  });

  test('nothing failed unseen, and the Content-Security-Policy refused nothing', () => {
    expect(opened.errors()).toEqual([]);
  });
});
