/** What a field of a cron expression may say: numbers from one to another, and names for them. */
export type Range = readonly [from: number, to: number, names: readonly string[]];

/** Minute, hour, day of the month, month, day of the week. */
export const ranges: readonly Range[] = [
  [0, 59, []],
  [0, 23, []],
  [1, 31, []],
  [1, 12, ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']],
  [0, 6, ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']],
];

/** A number or a name of a field, Sunday as 7 too; undefined for what is neither. */
export function numberOf(word: string, range: Range): number | undefined {
  const [from, to, names] = range;
  const named = names.indexOf(word.toLowerCase());
  const value = named >= 0 ? named + from : /^\d+$/.test(word) ? Number(word) : -1;
  const highest = isWeekday(range) ? 7 : to;
  return value >= from && value <= highest ? value : undefined;
}

export function isWeekday([from, to]: Range): boolean {
  return from === 0 && to === 6;
}
