/** The known name that somebody probably meant, or undefined when none is near enough. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.slice(0, longest).toLowerCase();
  let best: { name: string; distance: number } | undefined;
  for (const candidate of known) {
    const length = Math.max(wanted.length, candidate.length);
    // In words of two letters, one edit makes any other word.
    const limit = length < 3 ? 0 : Math.max(1, Math.floor(wanted.length / 3));
    const distance = edits(wanted, candidate.toLowerCase());
    if (distance <= limit && (!best || distance < best.distance)) best = { name: candidate, distance };
  }
  return best?.name;
}

/** `did you mean prod?`, and the known names where nothing is near: `known: prod, test`. */
export function suggest(name: string, known: Iterable<string>): string | undefined {
  const names = [...known];
  const near = nearest(name, names);
  if (near) return `did you mean ${near}?`;
  return names.length > 0 && names.length <= most ? `known: ${names.join(', ')}` : undefined;
}

/** A longer list is not read. */
const most = 15;

/** A hostile name must not make the comparison long. */
const longest = 80;

/** Edits (insert, delete, replace, swap of neighbours) that turn one word into another. */
function edits(from: string, to: string): number {
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1];
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) cost = Math.min(cost, at(before, j - 2) + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return at(last, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
