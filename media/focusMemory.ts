/**
 * Gives the focus back to the element that had it when the panel's window gets the focus again. The editor gives it
 * to the panel as a whole: somebody who works by keyboard would otherwise have to find the place in the diagram again
 * after a look at the script.
 */
export function rememberFocus(): void {
  let last: HTMLElement | SVGElement | null = null;
  // Between two elements of the same shadow tree the focus moves unheard here; that it leaves the window is heard.
  window.addEventListener('focusout', (event) => {
    const [inner] = event.composedPath();
    if (inner instanceof HTMLElement || inner instanceof SVGElement) last = inner;
  });
  window.addEventListener('focus', () => {
    if (document.activeElement === document.body && last?.isConnected === true) last.focus({ preventScroll: true });
  });
}
