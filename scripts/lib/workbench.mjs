/** @typedef {import('playwright-core').Page} Page */

/** How often the list of themes is opened before it is given up. */
const THEME_ATTEMPTS = 4;

/** The colour themes by which the product is looked at: their names in the list, and how the window is marked by each. */
export const themes = {
  light: { label: 'Light Modern', mark: '.monaco-workbench.vs' },
  dark: { label: 'Dark Modern', mark: '.monaco-workbench.vs-dark' },
  contrast: { label: 'Dark High Contrast', mark: '.monaco-workbench.hc-black' },
};

/** @typedef {keyof typeof themes} Theme */

/** Where the call stack says `line:column` of its top frame. */
const frameLine = '.debug-call-stack .stack-frame .line-number';

/** VS Code in a browser page, used as a person uses it: by keyboard, mouse, and what is to be seen. */
export class Workbench {
  /** @param {Page} page */
  constructor(page) {
    /** The page that VS Code fills. */
    this.page = page;
  }

  /**
   * Opens VS Code in a page and waits until it can be used.
   * @param {Page} page
   * @param {string} address
   */
  static async open(page, address) {
    await page.goto(address);
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
    return new Workbench(page);
  }

  /** The text of the active editor's visible lines. */
  get editor() {
    return this.page.locator('.editor-group-container.active .monaco-editor').first();
  }

  /** The inside of the sequence diagram's panel. */
  get panel() {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  }

  /** The rows of the Call Stack view. */
  get frames() {
    return this.page.locator('.debug-call-stack .monaco-list-row');
  }

  /** The rows of the Variables view. */
  get variables() {
    return this.page.locator('.debug-variables .monaco-list-row');
  }

  /**
   * Opens a file of the workspace by its name.
   * @param {string} name
   */
  async openFile(name) {
    await this.page.keyboard.press('Control+P');
    await this.quickInput(name);
    await this.choose(name);
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await this.page.locator('.monaco-editor .view-line').first().waitFor();
  }

  /**
   * Runs a command by its title in the command palette.
   * @param {string} title
   */
  async command(title) {
    await this.page.keyboard.press('F1');
    await this.quickInput(`>${title}`);
    await this.choose(title);
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /**
   * Chooses the row of the list at the top of the window that reads exactly so, and matches what was typed.
   * Until VS Code has looked for that, the list has the rows of before: a click would hit the row that comes in their place.
   * @param {string} text
   */
  async choose(text) {
    const exact = new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    const found = this.page.locator('.label-name:has(.highlight)', { hasText: exact });
    await rows.filter({ has: found }).click();
  }

  /**
   * Clicks on an editor's tab, and waits until the editor has the keyboard. VS Code gives it to the editor only some time
   * after the mouse button (a `setTimeout` in its editor group), also when something else has been opened meanwhile.
   * @param {string} name
   */
  async clickTab(name) {
    await this.page.locator('.tab', { hasText: name }).click();
    await this.page.locator('.editor-group-container.active .monaco-editor :focus').waitFor({ state: 'attached' });
  }

  /**
   * Fills the box that is open at the top of the window.
   * @param {string} text
   */
  async quickInput(text) {
    const input = this.page.locator('.quick-input-widget input[type="text"]');
    await input.waitFor();
    await input.fill(text);
  }

  /**
   * Starts the debugger on the active editor with F5, and waits until it stands.
   * The Run and Debug view is opened first: opened later, its Variables would stay folded.
   */
  async debug() {
    await this.command('View: Show Run and Debug');
    await this.command('View: Focus Active Editor Group');
    await this.page.keyboard.press('F5');
    await this.page.locator(frameLine).first().waitFor();
  }

  /** The number of the line before which the debugger stands. */
  async currentLine() {
    const place = await this.page.locator(frameLine).first().textContent();
    return Number(place?.split(':')[0]);
  }

  /**
   * Steps over statements until the debugger stands before a line.
   * @param {number} line 1-based
   */
  async stepTo(line) {
    for (let now = await this.currentLine(); now !== line; now = await this.currentLine()) {
      if (!(now < line)) throw new Error(`The debugger stands at line ${now}, beyond ${line}.`);
      await this.page.keyboard.press('F10');
      await this.page.waitForFunction(
        ([selector, before]) => {
          const place = document.querySelector(String(selector))?.textContent;
          return place !== undefined && place !== null && Number(place.split(':')[0]) !== before;
        },
        /** @type {const} */ ([frameLine, now]),
      );
    }
  }

  /** Waits until two pictures of the window, a moment apart, are the same. */
  async settled() {
    let before = '';
    for (let now = await this.look(); now !== before; now = await this.look()) {
      before = now;
      await this.page.waitForTimeout(300);
    }
  }

  /** @returns {Promise<string>} */
  async look() {
    return (await this.page.screenshot()).toString('base64');
  }

  /** Waits until the panel shows a diagram. */
  async panelShown() {
    await this.panel.locator('tcpscript-panel svg').first().waitFor();
  }

  /**
   * Chooses a colour theme from VS Code's list, and waits until the window shows it.
   * @param {Theme} theme
   */
  async theme(theme) {
    const { label, mark } = themes[theme];
    // A list that was opened before VS Code knew its themes is never filled: it is opened again.
    for (let attempt = 1; !(await this.themeListed(label)); attempt++) {
      if (attempt === THEME_ATTEMPTS) throw new Error(`VS Code does not offer the theme "${label}".`);
      await this.page.keyboard.press('Escape');
    }
    await this.choose(label);
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await this.page.locator(mark).waitFor();
  }

  /**
   * Opens the list of colour themes; whether this one is in it.
   * @param {string} label
   */
  async themeListed(label) {
    await this.page.keyboard.press('F1');
    await this.quickInput('>Preferences: Color Theme');
    await this.choose('Preferences: Color Theme');
    await this.page.locator('.quick-input-widget input[placeholder*="Theme"]').waitFor();
    await this.quickInput(label);
    const row = this.page.locator('.quick-input-list .label-name', { hasText: new RegExp(`^${label}$`) });
    return row.waitFor({ timeout: 5_000 }).then(
      () => true,
      () => false,
    );
  }

  /** Waits until nothing is being debugged any more. */
  async debuggingEnded() {
    await this.page.locator('.debug-call-stack .monaco-list-row').first().waitFor({ state: 'hidden' });
  }

  /** Ends the debug session. */
  async stopDebugging() {
    await this.page.keyboard.press('Shift+F5');
    await this.debuggingEnded();
  }

  /**
   * Places the cursor in the active editor.
   * @param {number} line 1-based
   */
  async goToLine(line) {
    await this.page.keyboard.press('Control+G');
    await this.quickInput(`:${line}`);
    await this.page.keyboard.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }
}
