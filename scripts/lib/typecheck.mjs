import { globSync } from 'node:fs';
import { root } from './bootstrap.mjs';
import { run } from './run.mjs';

/** Every TypeScript project of the repository: each folder has its own, with only the globals that it may name. */
export function typescriptProjects() {
  return globSync('{,src/*/,media/,test/,test/*/}tsconfig.json', { cwd: root }).sort();
}

/**
 * Type-checks every project.
 * @returns {Promise<{ project: string, ok: boolean, output: string }[]>}
 */
export async function typecheck() {
  const results = [];
  for (const project of typescriptProjects()) {
    const { code, output } = await run('tsc', ['-p', project], { quiet: true });
    results.push({ project, ok: code === 0, output });
  }
  return results;
}
