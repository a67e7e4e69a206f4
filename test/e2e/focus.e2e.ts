import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenedWorkbench, openWorkbench } from './support';

describe('the keyboard in the panel', () => {
  let opened: OpenedWorkbench;

  const focusedArrow = async (): Promise<string> =>
    (
      await opened.workbench.panel.locator('.arrow:focus').evaluateAll((all) => all.map((each) => each.ariaLabel))
    ).join();

  beforeAll(async () => {
    opened = await openWorkbench();
    await opened.workbench.openFile('teardown.tcpscript');
    await opened.workbench.debug();
    await opened.workbench.panelShown();
    await opened.workbench.page.keyboard.press('F5');
    await opened.workbench.page.locator('.debug-call-stack .monaco-list-row', { hasText: 'The run is over' }).waitFor();
  });

  afterAll(async () => {
    await opened?.close();
  });

  test('never leaves it, however often one steps there, and the editor follows', async () => {
    const { workbench } = opened;
    const { page, panel } = workbench;
    await panel
      .getByRole('button', { name: /^SYN\b/i })
      .first()
      .focus();
    await page.evaluate(() => {
      document.addEventListener('focusin', ({ target }) => {
        if (target instanceof Element && target.closest('.part.editor .monaco-editor') !== null)
          document.body.dataset.editorFocused = 'yes';
      });
    });
    await page.keyboard.press('End');
    await expect.poll(focusedArrow).toMatch(/ACK/);
    const place = await focusedArrow();
    const lines = new Set<number>();
    const slider = panel.getByRole('slider', { name: 'Moment' });
    for (let moment = Number(await slider.inputValue()); moment > 1; moment--) {
      await page.keyboard.press('ArrowLeft');
      await expect.poll(() => slider.inputValue()).toBe(String(moment - 1));
      lines.add(await workbench.currentLine());
    }
    await expect.poll(() => workbench.currentLine()).toBe(4);
    expect(lines.size).toBeGreaterThan(5);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => slider.inputValue()).toBe('2');
    expect(await focusedArrow()).toBe(place);
    await page.keyboard.press('F11');
    await expect.poll(() => slider.inputValue()).toBe('3');
    const line = await workbench.currentLine();
    await page.keyboard.press('F10');
    await expect.poll(() => workbench.currentLine()).toBe(line + 1);
    expect(await focusedArrow()).toBe(place);
    expect(await page.evaluate(() => document.body.dataset.editorFocused)).toBeUndefined();
  });
});
