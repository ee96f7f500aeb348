/** Groups of commands, in the order in which help shows them. */
export const groups = ['Write', 'Deploy', 'Move', 'Look', 'This machine'] as const;

interface Named {
  readonly name: string;
  readonly hidden?: boolean;
}

/** The commands whose first word is this one: `lock status` and `lock release` for `lock`. */
export function membersOf<Entry extends Named>(list: readonly Entry[], word: string): readonly Entry[] {
  return list.filter((entry) => !entry.hidden && entry.name.startsWith(`${word} `));
}
