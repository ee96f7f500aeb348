/** A vertical axis from 0 to a round number that has room for the highest value. */
export interface Scale {
  readonly max: number;
  readonly ticks: readonly number[];
}

const steps = [1, 2, 2.5, 5, 10];

/** @param highest what must fit; `whole`: only whole numbers, for what is counted */
export function scaleFor(highest: number, whole = false): Scale {
  const least = highest > 0 && Number.isFinite(highest) ? highest : 1;
  const power = 10 ** Math.floor(Math.log10(least / 4));
  const found = steps.map((step) => step * power).find((step) => step * 4 >= least) ?? least / 4;
  const step = whole ? Math.max(1, Math.ceil(found)) : found;
  const amount = Math.max(1, Math.ceil(least / step - 1e-9));
  return { max: step * amount, ticks: Array.from({ length: amount + 1 }, (_, index) => index * step) };
}
