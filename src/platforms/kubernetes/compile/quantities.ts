/**
 * Amounts as the apiserver writes them itself: any other spelling of the same amount would be a difference for ever.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */

const decimal = ['m', '', 'k', 'M', 'G', 'T', 'P', 'E'] as const;
const binary = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const;

/** Cores: `500m`, `2`. Rounded up to whole thousandths, the finest that there is. */
export function cpuQuantity(cores: number): string {
  return canonical(Math.max(1, roundedUp(cores * 1_000)), 1_000, decimal);
}

/** MiB: `512Mi`, `1Gi`, `524800Ki`. Rounded up to whole KiB, since a byte and its thousandths are spelled oddly. */
export function memoryQuantity(mib: number): string {
  return canonical(Math.max(1, roundedUp(mib * 1_024)), 1_024, binary);
}

function canonical(amount: number, step: number, suffixes: readonly string[]): string {
  let [rest, at] = [amount, 0];
  while (rest % step === 0 && at < suffixes.length - 1) [rest, at] = [rest / step, at + 1];
  return `${rest}${suffixes[at]}`;
}

/** What is a whole number but for the noise of binary fractions stays the same. */
function roundedUp(value: number): number {
  const nearest = Math.round(value);
  return Math.abs(value - nearest) <= 1e-9 * Math.max(1, nearest) ? nearest : Math.ceil(value);
}

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  ...Object.fromEntries(decimal.slice(2).map((suffix, at) => [suffix, 1_000 ** (at + 1)])),
  ...Object.fromEntries(binary.map((suffix, at) => [suffix, 1_024 ** (at + 1)])),
};

/** A quantity of anybody as a number: `0.5`, `500m`, `1e3`, `512.0Mi`. Undefined for what is none. */
export function parseQuantity(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const pattern = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/;
  const [, digits, exponent, suffix = ''] = (typeof value === 'string' && pattern.exec(value)) || [];
  if (digits === undefined) return undefined;
  if (exponent !== undefined) return Number(`${digits}e${exponent}`);
  const factor = factors[suffix] ?? 1;
  // Dividing by a whole number is exact where multiplying by its inverse is not: 290m is 0.29.
  return factor < 1 ? Number(digits) / Math.round(1 / factor) : Number(digits) * factor;
}
