import { existsSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { HostMessage, PanelMessage } from '../../src/protocol/messages';
import { THEMES, type ThemeName } from './themes';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const origin = 'https://panel.test';

/** Why the tests in a browser can not run here; null when they can. */
export const noBrowser: string | null = existsSync(executablePath) ? null : `there is no Chromium at ${executablePath}`;

/** A browser in which the panel, bundled as it is shipped, is opened under the policy of the real one. */
export class PanelBrowser {
  private constructor(
    private readonly browser: Browser,
    private readonly script: string,
  ) {}

  static async start(): Promise<PanelBrowser> {
    const root = path.resolve(import.meta.dirname, '../..');
    const { outputFiles } = await build({
      entryPoints: [path.join(root, 'media/main.ts')],
      bundle: true,
      write: false,
      format: 'iife',
      platform: 'browser',
      target: 'es2022',
    });
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    return new PanelBrowser(browser, outputFiles[0]?.text ?? '');
  }

  stop(): Promise<void> {
    return this.browser.close();
  }

  /** Opens the panel in a theme and a size; `kept` is what an earlier panel had kept. */
  async open(theme: ThemeName, size: { width: number; height: number }, kept: unknown = null): Promise<OpenPanel> {
    const page = await this.browser.newPage({ viewport: size });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.route(`${origin}/**`, (route) => {
      const isScript = route.request().url().endsWith('panel.js');
      return route.fulfill(
        isScript
          ? { contentType: 'text/javascript', body: this.script }
          : { contentType: 'text/html', body: pageHtml(theme, kept) },
      );
    });
    await page.goto(origin);
    return new OpenPanel(page, errors);
  }
}

/** A panel that is open. */
export class OpenPanel {
  constructor(
    readonly page: Page,
    /** Whatever went wrong in the page, violations of the policy too. */
    readonly errors: readonly string[],
  ) {}

  /** Says something as the editor, and waits until it is drawn. */
  async say(message: HostMessage): Promise<void> {
    await this.page.evaluate(async (data) => {
      window.dispatchEvent(new MessageEvent('message', { data }));
      for (let frame = 0; frame < 3; frame++) await new Promise((drawn) => requestAnimationFrame(drawn));
    }, message);
  }

  /** What the panel has told the editor so far, in order. */
  told(): Promise<readonly PanelMessage[]> {
    return this.page.evaluate(() => JSON.parse(document.documentElement.dataset.told ?? '[]') as PanelMessage[]);
  }

  close(): Promise<void> {
    return this.page.close();
  }
}

function pageHtml(theme: ThemeName, kept: unknown): string {
  const { bodyClass, variables } = THEMES[theme];
  const nonce = 'bm9uY2U';
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'`;
  const style = Object.entries(variables)
    .map(([name, value]) => `--vscode-${name}: ${value};`)
    .join(' ');
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<style nonce="${nonce}">html { ${style} } body { padding: 0 20px; background: var(--vscode-editor-background); }</style>
<script nonce="${nonce}">
  const told = [];
  let kept = ${JSON.stringify(kept)};
  globalThis.acquireVsCodeApi = () => ({
    postMessage(message) { told.push(message); document.documentElement.dataset.told = JSON.stringify(told); },
    getState: () => kept,
    setState(state) { kept = state; document.documentElement.dataset.kept = JSON.stringify(state); },
  });
</script></head>
<body class="${bodyClass}"><tcpscript-panel></tcpscript-panel><script nonce="${nonce}" src="/panel.js"></script></body></html>`;
}
