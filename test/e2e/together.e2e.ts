import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type OpenedWorkbench, openWorkbench } from './support';

describe('the panel beside the script', () => {
  let opened: OpenedWorkbench;

  const place = () => opened.workbench.panel.locator('tcpscript-toolbar .place');
  const tabs = async (group: number): Promise<string[]> => {
    const all = opened.workbench.page.locator('.editor-group-container').nth(group).locator('.tab');
    return (await all.allInnerTexts()).map((text) => text.replaceAll(/\s/g, '')).sort();
  };

  /** It is changed here, and VS Code saves by itself; the other tests step through it as it was. */
  const script = path.join(inject('workspace'), 'teardown.tcpscript');
  const before = readFileSync(script);

  beforeAll(async () => {
    opened = await openWorkbench();
  });

  afterAll(async () => {
    await opened?.close();
    writeFileSync(script, before);
  });

  test('F5 on a wrong script says what is wrong, once, and shows the Problems', async () => {
    const { workbench } = opened;
    const { page } = workbench;
    await workbench.openFile('mistakes.tcpscript');
    await page.locator('.squiggly-error').first().waitFor();
    await page.keyboard.press('F5');
    const toast = page.locator('.notification-toast .notification-list-item-message');
    await toast.first().waitFor();
    expect(await toast.allInnerTexts()).toEqual([
      expect.stringMatching(/^The script has errors, .*Line \d+, column \d+/),
    ]);
    await page.locator('.markers-panel .monaco-list-row').first().waitFor();
    expect(await page.locator('.monaco-dialog-box').count()).toBe(0);
    expect(await page.locator('.debug-toolbar').count()).toBe(0);
    await workbench.command('Notifications: Clear All Notifications');
    await workbench.command('View: Hide Panel');
    await workbench.command('View: Close All Editors');
  });

  test('a file that is opened while the panel has the keyboard does not cover the panel', async () => {
    const { workbench } = opened;
    await workbench.openFile('teardown.tcpscript');
    await workbench.debug();
    await workbench.panelShown();
    await workbench.panel.locator('.canvas').click({ position: { x: 200, y: 30 } });
    await workbench.openFile('handshake.tcpscript');
    expect(await tabs(1)).toEqual(['TCPSequenceDiagram']);
    expect(await tabs(0)).toEqual(['handshake.tcpscript', 'teardown.tcpscript']);
    expect(await place().isVisible()).toBe(true);
  });

  test('a step in the panel shows the script again, beside the panel', async () => {
    const { workbench } = opened;
    const { page } = workbench;
    await workbench.command('View: Close Editor');
    await workbench.command('View: Close Editor');
    expect(await page.locator('.tab', { hasText: 'teardown' }).count()).toBe(0);
    await workbench.panel.getByRole('button', { name: 'Step over' }).click();
    await page.locator('.tab', { hasText: 'teardown.tcpscript' }).waitFor();
    await expect.poll(() => workbench.currentLine()).toBe(5);
    expect(await place().isVisible()).toBe(true);
    expect(await workbench.panel.locator('tcpscript-panel').evaluate(() => document.hasFocus())).toBe(true);
  });

  test('a change of the script while it runs is told of, until it is taken back or the run begins again', async () => {
    const { workbench } = opened;
    const { page, panel } = workbench;
    const told = panel.getByRole('alert').filter({ hasText: 'The script was changed' });
    await workbench.clickTab('teardown.tcpscript');
    await workbench.goToLine(1);
    await page.keyboard.type('# one line more');
    await told.waitFor();
    for (let undo = 0; undo < 4 && (await told.count()) > 0; undo++) await page.keyboard.press('Control+Z');
    await told.waitFor({ state: 'hidden' });
    await workbench.goToLine(1);
    await page.keyboard.type('# one line more');
    await page.keyboard.press('Enter');
    await told.waitFor();
    await panel.getByRole('button', { name: 'Restart with the new text' }).click();
    await told.waitFor({ state: 'hidden' });
    await expect.poll(() => workbench.currentLine()).toBe(5);
  });

  test('nothing failed unseen', () => {
    expect(opened.errors()).toEqual([]);
  });
});
