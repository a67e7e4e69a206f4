import { css } from 'lit';

/** How the diagram looks. Colours come from the theme; no difference is made by colour alone. */
export const diagramStyles = css`
  :host { display: block; position: relative; min-width: 0; min-height: 0; background: var(--bg); color: var(--fg); }
  .scroller { position: absolute; inset: 0; overflow: auto; scrollbar-gutter: stable; outline-offset: -2px; }
  .scroller:focus-visible { outline: 1px solid var(--focus); }
  .head { width: max-content; min-width: 100%; position: sticky; top: 0; z-index: 2; background: var(--bg); border-bottom: 1px solid var(--border); }
  .canvas { position: relative; overflow: hidden; }
  svg { display: block; font-family: var(--ui); font-size: 11px; }
  .drawing { position: absolute; left: 0; }
  text { fill: var(--fg); white-space: pre; user-select: none; }
  .host-name { font-size: 13px; font-weight: 600; }
  .host-address { fill: var(--muted); }
  .lifeline { stroke: var(--hairline); stroke-width: 1; }

  .bar { fill: var(--state); }
  rect.later, .line.later, .later > :not(.paper) { opacity: var(--dimmed); }
  .chip .tag { fill: color-mix(in srgb, var(--state) 18%, var(--bg)); stroke: var(--state); }
  .chip, .mark, .message, .tick[data-moment] { cursor: pointer; }
  .stop { outline: none; }
  .stop:focus-visible > .paper { stroke: var(--focus); stroke-width: 2; }
  .chip:focus-visible > .paper { stroke-width: 4; }
  .chip:hover .tag, .mark:hover .banner { stroke-width: 2; }

  .paper { fill: var(--bg); }
  .glyph { fill: none; stroke: var(--muted); stroke-width: 1.4; stroke-linejoin: round; stroke-linecap: round; }
  .mark text { fill: var(--muted); }
  .mark:hover text { fill: var(--fg); }
  .call .glyph { fill: var(--muted); }
  .timer .glyph { stroke: var(--warn); }
  .check-passed .glyph { stroke: var(--ok); stroke-width: 1.8; }
  .check-failed .glyph { stroke: var(--error); stroke-width: 2; }
  .banner { fill: var(--bg); stroke: var(--hairline); }
  .check-failed .banner { fill: color-mix(in srgb, var(--error) 14%, var(--bg)); stroke: var(--error); }
  .check-failed text { fill: var(--fg); font-weight: 600; }

  .tick text { fill: var(--muted); }
  .tick:hover text { fill: var(--fg); text-decoration: underline; }
  .break-line { stroke: var(--hairline); stroke-dasharray: 1 4; stroke-linecap: round; }
  .zigzag { fill: none; stroke: var(--muted); stroke-width: 1.2; }
  .break-text { fill: var(--muted); font-style: italic; paint-order: stroke; stroke: var(--bg); stroke-width: 10px; stroke-linejoin: round; }

  .line { --ink: color-mix(in srgb, var(--fg) 80%, var(--bg)); --width: 1.5; }
  .shaft { fill: none; stroke: var(--ink); stroke-width: var(--width); }
  .head polygon, polygon.head { fill: var(--ink); stroke: var(--ink); stroke-linejoin: round; }
  polygon.hollow { fill: var(--bg); }
  .ahead { stroke-dasharray: 1 4; stroke-linecap: round; }
  .dot { fill: var(--ink); }
  .line.retransmission { --ink: var(--warn); }
  .line.retransmission .shaft { stroke-dasharray: 8 4; }
  .line.duplicate .shaft { stroke-dasharray: 2 3; }
  .line.injected { --ink: var(--odd); }
  .line.injected .shaft { stroke-dasharray: 10 3 2 3; }
  .line.corrupted { --ink: var(--error); }
  .line.corrupted .shaft { stroke-dasharray: 4 2 1 2; }
  .line.icmp { --ink: var(--now); --width: 1.2; }
  .line.icmp .shaft { stroke-dasharray: 2 4; }
  .line.icmp .router { fill: var(--bg); stroke: var(--ink); }
  .message text { fill: var(--now); font-style: italic; }
  .line .shaft.ahead { stroke-dasharray: 1 4; }
  .cross { stroke: var(--error); stroke-width: 2.5; stroke-linecap: round; }
  .held { stroke: var(--ink); stroke-width: 2.5; stroke-linecap: round; }
  .line.current { --ink: var(--now); --width: 2.5; }
  .line.pointed { --width: 2.5; }

  .arrow { cursor: pointer; outline: none; }
  .arrow .hit { stroke: transparent; stroke-width: 12; }
  .flags { font-weight: 600; }
  .field { fill: color-mix(in srgb, var(--fg) 82%, var(--bg)); }
  .word { font-style: italic; fill: var(--fg); }
  .note { font-style: italic; fill: var(--fg); }
  .in-flight { font-style: italic; paint-order: stroke; stroke: var(--bg); stroke-width: 4px; }
  .arrow.crowded:not(.current) > .paper { fill-opacity: 0.6; }
  .arrow.crowded > text { paint-order: stroke; stroke: var(--bg); stroke-width: 3px; stroke-linejoin: round; }
  .arrow.current > .paper { fill: color-mix(in srgb, var(--now) 20%, var(--bg)); }
  .arrow:hover > .paper { fill: color-mix(in srgb, var(--fg) 12%, var(--bg)); }
  .arrow:focus-visible > .paper { stroke: var(--focus); stroke-width: 2; }

  line.now { stroke: var(--now); stroke-width: 1; }
  .now-flag { fill: color-mix(in srgb, var(--now) 24%, var(--bg)); stroke: var(--now); stroke-linejoin: round; }
  .now text { font-weight: 600; }
  .now { pointer-events: none; }

  .more {
    position: absolute; left: 50%; transform: translateX(-50%); padding: 1px 10px; font: 11px var(--ui); color: var(--link);
    background: var(--bg); border: 1px solid var(--border); border-radius: 9px; max-width: 92%; box-sizing: border-box;
    white-space: nowrap; overflow: hidden; text-overflow: ellipsis;
  }
  button.more { cursor: pointer; }
  span.more { color: var(--muted); }
  .more.earlier { top: 4px; }
  .more.later { bottom: 6px; }
  button.more:hover { background: color-mix(in srgb, var(--fg) 12%, var(--bg)); }
  .more:focus-visible { outline: 1px solid var(--focus); outline-offset: 1px; }

  .tip {
    position: absolute; z-index: 3; left: 0; top: 0; max-width: 300px; padding: 6px 10px; pointer-events: none;
    display: grid; grid-template-columns: auto 1fr; gap: 1px 12px; font: 12px var(--ui);
    color: var(--vscode-editorHoverWidget-foreground, var(--fg));
    background: var(--vscode-editorHoverWidget-background, var(--bg));
    border: 1px solid var(--vscode-editorHoverWidget-border, var(--border)); border-radius: 4px;
    box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
  }
  .tip dt { color: var(--muted); }
  .tip dd { margin: 0; overflow-wrap: anywhere; }
  @media (forced-colors: active) { rect.later, .line.later, .later > :not(.paper) { opacity: 0.6; } }
`;
