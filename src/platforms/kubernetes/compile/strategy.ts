import type { Rollout } from '../../../model/app.ts';

export interface Strategy {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/** Binary fractions must not make one instance more or less: 20 × 0.55 is 11. */
const noise = 1e-9;

/** Marathon's fractions as whole instances, as Marathon rounds them. One of the two has to allow a step. */
export function compileStrategy(instances: number, { minHealthy, maxOver }: Rollout): Strategy {
  const maxUnavailable = instances - Math.ceil(instances * Math.min(1, minHealthy) - noise);
  const maxSurge = Math.floor(instances * maxOver + noise);
  return { maxSurge: maxUnavailable === 0 ? Math.max(1, maxSurge) : maxSurge, maxUnavailable };
}

/** Fractions of a Deployment's strategy, which may be somebody else's: percent, or none at all. */
export function readStrategy(
  { maxSurge, maxUnavailable }: Partial<Readonly<Record<keyof Strategy, unknown>>>,
  instances: number,
): Pick<Rollout, 'minHealthy' | 'maxOver'> {
  return {
    minHealthy: 1 - fraction(maxUnavailable ?? '25%', instances),
    maxOver: fraction(maxSurge ?? '25%', instances),
  };
}

function fraction(value: unknown, instances: number): number {
  if (typeof value === 'number') return instances > 0 ? Math.min(1, value / instances) : 0;
  const percent = Number(String(value).replace(/%$/, ''));
  return Number.isFinite(percent) ? Math.min(1, percent / 100) : 0;
}
