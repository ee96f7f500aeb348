import type { Side } from './side.ts';

/**
 * What makes one text of the other: `environment` for the queue of test1 against the queue of prod, `version` for the
 * tag of an image. Undefined where they differ in more than words that are different by nature.
 */
export function follows(left: string, right: string, sides: Sides): readonly string[] | undefined {
  const roles = differing(sides);
  const back = roles.map(({ role, left: from, right: to }) => ({ role, left: to, right: from }));
  return follow(left, right, roles) ?? follow(right, left, back);
}

interface Sides {
  readonly left: Side;
  readonly right: Side;
}

interface Role {
  readonly role: string;
  readonly left: string;
  readonly right: string;
}

function differing({ left, right }: Sides): readonly Role[] {
  const wordsOf = ({ words, app }: Side) => ({ ...words, version: app.version });
  const [from, to] = [wordsOf(left), wordsOf(right)];
  const roles = ['domain', 'environment', 'stage', 'version'] as const;
  return roles.flatMap((role) => {
    const [l, r] = [from[role], to[role]];
    return l && r && l !== r ? [{ role, left: l, right: r }] : [];
  });
}

function follow(left: string, right: string, roles: readonly Role[]): readonly string[] | undefined {
  const found = subsets(roles).find((some) => replaced(left, some) === right);
  return found?.map(({ role }) => role);
}

/** The smallest first. */
function subsets<T>(all: readonly T[]): readonly (readonly T[])[] {
  const sets = Array.from({ length: 2 ** all.length }, (_, bits) =>
    all.filter((_one, at) => bits & (1 << at)),
  );
  return sets.filter((set) => set.length > 0).sort((a, b) => a.length - b.length);
}

/** Whole words, all at once, so that none is replaced twice. */
function replaced(text: string, roles: readonly Role[]): string {
  const words = roles.map(({ left }) => left.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`(?<![A-Za-z0-9])(?:${words.join('|')})(?![A-Za-z0-9])`, 'g');
  return text.replace(pattern, (word) => roles.find(({ left }) => left === word)?.right ?? word);
}
