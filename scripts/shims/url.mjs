// Stands in for Node's `url` in browser bundles: `@vscode/debugadapter` takes the URL class from there.
export const URL = globalThis.URL;
