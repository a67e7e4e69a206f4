/**
 * How many letters must be added, removed, changed or swapped with a neighbour to make one word of another
 * (optimal string alignment). Both words are short: the cost is the product of their lengths.
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (beforeLast[j - 2] ?? best) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? a.length;
}

/** Longest word that is compared; anything longer is nobody's typing error. */
const LONGEST_WORD = 40;

/**
 * The candidate that a misspelled word most likely means, or null when none is close: at most one mistake in three letters.
 * Case and the marks between parts (`-`, `_`, `.`) count little, since `syn_sent` and `SYNACK` are common slips.
 */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  if (word.length === 0 || word.length > LONGEST_WORD) return null;
  const plain = plainForm(word);
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(plain.length / 3)) + 0.5;
  if (plain.length <= 1) bestDistance = 0.5;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > bestDistance + 2) continue;
    const marks = candidate === word ? 0 : candidate.toLowerCase() === word.toLowerCase() ? 0.1 : 0.2;
    const distance = editDistance(plain, plainForm(candidate)) + marks;
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function plainForm(word: string): string {
  return word.toLowerCase().replace(/[-_.,+\s]/g, '');
}
