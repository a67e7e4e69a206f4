import { createHash } from 'node:crypto';

const percent = Number(process.env.MUTATION_SAMPLE ?? 100);
const seed = process.env.MUTATION_SEED ?? '1';

/**
 * Leaves out what is not in the sample. Functions at the top of a file are drawn whole, so that easy and hard mutants are
 * in it in the proportion in which they are in the whole.
 * @param {{ node: { type: string, start?: number | null }, parentPath: { node: { type: string } } | null, toString(): string }} place
 * @returns {string | undefined} why it is left out
 */
function shouldIgnore(place) {
  if (percent >= 100) return undefined;
  const above = place.parentPath?.node.type;
  const isTop = above === 'Program' || above === 'ExportNamedDeclaration';
  if (!isTop || place.node.type === 'ExportNamedDeclaration') return undefined;
  const digest = createHash('sha256').update(`${seed} ${place.toString()}`).digest();
  return digest.readUInt32BE(0) % 1000 < percent * 10 ? undefined : 'not in the sample';
}

/** What Stryker loads: an ignorer with the name `sample`. */
export const strykerPlugins = [{ kind: 'Ignore', name: 'sample', value: { shouldIgnore } }];
