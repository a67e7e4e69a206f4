import { existsSync, statSync, utimesSync, watch } from 'node:fs';
import path from 'node:path';
import { root } from './bootstrap.mjs';
import { must } from './run.mjs';

const grammar = 'src/script/tcpscript.langium';
const inputs = [grammar, 'langium-config.json', 'package-lock.json'];
const outputs = ['ast.ts', 'grammar.ts', 'module.ts'].map((file) => `src/script/generated/${file}`);

/** @param {string} file */
const changedMs = (file) => (existsSync(path.join(root, file)) ? statSync(path.join(root, file)).mtimeMs : 0);

/** Generates the parser's types and grammar from the Langium grammar when they are missing or out of date. */
export async function generateParser() {
  const newestInputMs = Math.max(...inputs.map(changedMs));
  const oldestOutputMs = Math.min(...outputs.map(changedMs));
  if (oldestOutputMs > newestInputMs) return;
  await must('langium', ['generate']);
  // Langium leaves a file alone when its text stays the same: the time tells that it was looked at.
  const now = new Date();
  for (const file of outputs) utimesSync(path.join(root, file), now, now);
}

/** Generates the parser again whenever the grammar is saved, until the process ends. */
export function watchGrammar() {
  watch(path.join(root, path.dirname(grammar)), (_event, file) => {
    if (file !== path.basename(grammar)) return;
    generateParser().catch((error) => console.error(error instanceof Error ? error.message : error));
  });
}
