import { css } from 'lit';

/** The panel's colours and sizes: VS Code's own, by what they are for; the system's where VS Code gives none. */
export const theme = css`
  :host {
    --bg: var(--vscode-editor-background, Canvas);
    --fg: var(--vscode-editor-foreground, CanvasText);
    --muted: var(--vscode-descriptionForeground, GrayText);
    --hairline: color-mix(in srgb, var(--fg) 16%, transparent);
    --border: var(--vscode-contrastBorder, var(--vscode-panel-border, var(--hairline)));
    --focus: var(--vscode-focusBorder, Highlight);
    --error: var(--vscode-charts-red, #d13438);
    --ok: var(--vscode-charts-green, #388a34);
    --warn: color-mix(in srgb, var(--vscode-charts-red, #e51400) 50%, var(--vscode-charts-yellow, #bf8803));
    --odd: var(--vscode-charts-purple, #7a3e9d);
    --now: var(--vscode-charts-blue, #1a85ff);
    --link: var(--vscode-textLink-foreground, LinkText);
    --hover: var(--vscode-toolbar-hoverBackground, color-mix(in srgb, var(--fg) 12%, transparent));
    --state-closed: var(--vscode-descriptionForeground, GrayText);
    --state-listening: var(--vscode-charts-blue, #1a85ff);
    --state-opening: var(--vscode-charts-yellow, #bf8803);
    --state-open: var(--vscode-charts-green, #388a34);
    --state-closing: color-mix(in srgb, var(--vscode-charts-red, #e51400) 50%, var(--vscode-charts-yellow, #bf8803));
    --state-waiting: var(--vscode-charts-purple, #7a3e9d);
    --dimmed: 0.58;
    --ui: var(--vscode-font-family, system-ui, sans-serif);
    --mono: var(--vscode-editor-font-family, ui-monospace, monospace);
    --size: var(--vscode-font-size, 13px);
  }
  :host-context(:is(.vscode-high-contrast, .vscode-high-contrast-light)) {
    --hairline: var(--vscode-contrastBorder, currentColor);
    --muted: var(--fg);
    --state-closed: var(--fg);
    --dimmed: 0.66;
  }
`;

/** Sets the colour of a state class as `--state` on whatever bears its name. */
export const stateColours = css`
  .closed { --state: var(--state-closed); }
  .listening { --state: var(--state-listening); }
  .opening { --state: var(--state-opening); }
  .open { --state: var(--state-open); }
  .closing { --state: var(--state-closing); }
  .waiting { --state: var(--state-waiting); }
`;

/** Text for screen readers only. */
export const unseen = css`
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
