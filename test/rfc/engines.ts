import { readFileSync } from 'node:fs';
import path from 'node:path';
import { compileFunction } from 'node:vm';
import type * as esbuildTypes from 'esbuild';
import * as esbuild from 'esbuild';
import * as langium from 'langium';
import * as parser from '../../src/script/parser';
import type * as Bundled from './bundled';

/** A change of one source file: `text` stands in it exactly once. */
export interface Edit {
  /** Path from the repository's root. */
  readonly file: string;
  readonly text: string;
  readonly replacement: string;
}

/** The engine as some edit left it. */
export type Engine = Pick<typeof Bundled, 'analyze' | 'CHECKS'>;

const ROOT = path.join(import.meta.dirname, '../..');

/** How a bundle asks for the parser. */
const PARSER = 'tcpscript-parser';

/** The source with the edit made. Throws when the text is not there exactly once, and says what to do. */
export function edited({ file, text, replacement }: Edit): string {
  const source = readFileSync(path.join(ROOT, file), 'utf8');
  const found = source.split(text).length - 1;
  if (found !== 1) {
    throw new Error(
      `A row of test/rfc/removals takes a rule out of ${file}, but its text stands there ${found} times. ` +
        `The code has moved: give the row the text that does the same now. It is:\n${text}`,
    );
  }
  return source.replace(text, () => replacement);
}

/** Bundles the engine again and again, each time with another edit; unchanged files are parsed once. */
export class Engines {
  #edit: Edit | null = null;
  #context: Promise<esbuildTypes.BuildContext>;

  constructor() {
    this.#context = esbuild.context({
      entryPoints: [path.join(import.meta.dirname, 'bundled.ts')],
      absWorkingDir: ROOT,
      bundle: true,
      write: false,
      format: 'cjs',
      platform: 'node',
      target: 'node22',
      external: ['langium'],
      logLevel: 'silent',
      plugins: [{ name: 'edit', setup: (build) => this.#setup(build) }],
    });
  }

  #setup(build: esbuildTypes.PluginBuild): void {
    // No edit reaches the parser, and making one takes longer than most scripts: all engines share this process's.
    build.onResolve({ filter: /\/parser$/ }, ({ path: name, resolveDir }) =>
      path.join(resolveDir, name) === path.join(ROOT, 'src/script/parser')
        ? { path: PARSER, external: true }
        : undefined,
    );
    build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path: loaded }) => {
      const file = path.relative(ROOT, loaded).split(path.sep).join('/');
      return file === this.#edit?.file ? { contents: edited(this.#edit), loader: 'ts' } : undefined;
    });
  }

  /** The engine with this edit; null for the engine as it is. */
  async with(edit: Edit | null): Promise<Engine> {
    this.#edit = edit;
    const { outputFiles } = await (await this.#context).rebuild();
    const code = outputFiles?.[0]?.text;
    if (code === undefined) throw new Error('esbuild wrote nothing');
    const bundle: { exports: Partial<Engine> } = { exports: {} };
    compileFunction(code, ['require', 'module', 'exports'])((name: string) => imported(name), bundle, bundle.exports);
    const { analyze, CHECKS } = bundle.exports;
    if (analyze === undefined || CHECKS === undefined) throw new Error('the bundle exports nothing');
    return { analyze, CHECKS };
  }

  /** Ends esbuild's work. */
  async dispose(): Promise<void> {
    await (await this.#context).dispose();
  }
}

function imported(name: string): unknown {
  if (name === 'langium') return langium;
  if (name === PARSER) return parser;
  throw new Error(`the engine's bundle asks for ${name}`);
}
