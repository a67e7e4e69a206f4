import { statSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { root } from './bootstrap.mjs';

const node = { platform: 'node', format: 'cjs', target: 'node22' };
const worker = {
  platform: 'browser',
  target: 'es2022',
  mainFields: ['browser', 'module', 'main'],
  alias: { url: path.join(root, 'scripts/shims/url.mjs') },
};
const nodeProgram = {
  ...node,
  banner: {
    js: [
      '#!/usr/bin/env node',
      'if (Number(process.versions.node.split(".")[0]) < 22) {',
      '  console.error("TCPScript needs Node 22 or newer; this is Node " + process.versions.node + ".");',
      '  process.exit(3);',
      '}',
    ].join('\n'),
  },
};

/**
 * Everything that is shipped, one row a bundle.
 * @type {readonly { out: string, entry: string, options: import('esbuild').BuildOptions }[]}
 */
const shipped = /** @type {never} */ ([
  { out: 'dist/extension.js', entry: 'src/extension/extension.ts', options: { ...node, external: ['vscode'] } },
  {
    out: 'dist/web/extension.js',
    entry: 'src/extension/extensionWeb.ts',
    options: { ...worker, format: 'cjs', external: ['vscode'] },
  },
  { out: 'dist/languageServer.js', entry: 'src/lsp/main.ts', options: nodeProgram },
  { out: 'dist/web/languageServer.js', entry: 'src/lsp/mainWorker.ts', options: { ...worker, format: 'iife' } },
  { out: 'dist/debugAdapter.js', entry: 'src/dap/main.ts', options: nodeProgram },
  { out: 'dist/cli.js', entry: 'src/cli/main.ts', options: nodeProgram },
  { out: 'dist/panel.js', entry: 'media/main.ts', options: { ...worker, format: 'iife' } },
]);

/**
 * The suite that runs inside the extension hosts.
 * @type {typeof shipped}
 */
const tests = /** @type {never} */ ([
  {
    out: 'out/test/host/node.js',
    entry: 'test/host/runNode.ts',
    options: { ...node, external: ['vscode', 'mocha'] },
  },
  {
    out: 'out/test/host/web.js',
    entry: 'test/host/runWeb.ts',
    // mocha's browser build is an old-style script in an ES module package: unless `module` is hidden from it, it
    // would replace what the bundle exports.
    options: {
      ...worker,
      format: 'cjs',
      external: ['vscode'],
      define: { module: 'undefined', exports: 'undefined' },
    },
  },
]);

/**
 * @param {typeof shipped} bundles
 * @param {boolean} minify
 * @returns {import('esbuild').BuildOptions[]}
 */
function buildOptions(bundles, minify) {
  return bundles.map(({ out, entry, options }) => ({
    entryPoints: [path.join(root, entry)],
    outfile: path.join(root, out),
    absWorkingDir: root,
    bundle: true,
    sourcemap: true,
    sourcesContent: false,
    minify,
    legalComments: 'none',
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': '"production"' },
    ...options,
  }));
}

/**
 * Builds every shipped bundle once.
 * @param {{ minify: boolean }} options
 */
export async function buildShipped({ minify }) {
  await Promise.all(buildOptions(shipped, minify).map((options) => esbuild.build(options)));
}

/** Builds the extension-host tests. */
export async function buildHostTests() {
  await Promise.all(buildOptions(tests, false).map((options) => esbuild.build(options)));
}

/** Rebuilds every shipped bundle whenever one of its sources changes, until the process ends. */
export async function watchShipped() {
  let building = 0;
  const announce = {
    name: 'announce',
    /** @param {import('esbuild').PluginBuild} build */
    setup(build) {
      build.onStart(() => {
        if (building === 0) console.log('[watch] build started');
        building += 1;
      });
      build.onEnd(() => {
        building -= 1;
        if (building === 0) console.log('[watch] all built');
      });
    },
  };
  const options = buildOptions(shipped, false);
  const contexts = await Promise.all(options.map((each) => esbuild.context({ ...each, plugins: [announce] })));
  await Promise.all(contexts.map((context) => context.watch()));
}

/** The size of every shipped bundle, one line each. */
export function sizes() {
  return shipped
    .map(({ out }) => `  ${out.padEnd(28)} ${(statSync(path.join(root, out)).size / 1024).toFixed(0).padStart(6)} KiB`)
    .join('\n');
}
