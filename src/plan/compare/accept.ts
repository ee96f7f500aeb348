import type { Acceptance, Difference } from '../../model/comparison.ts';

/**
 * What somebody has taken on for a while does not block until that is over. An acceptance that is over still says so,
 * beside the difference that blocks again.
 */
export function accept(
  app: string,
  differences: readonly Difference[],
  acceptances: readonly Acceptance[],
  now: number,
): readonly Difference[] {
  return differences.map((difference) => {
    if (difference.verdict !== 'blocking') return difference;
    const fitting = acceptances.filter((one) => fits(one, app, difference.path));
    const holding = fitting.find(({ until }) => now < endOf(until));
    if (holding) {
      const { owner, until, why } = holding;
      const accepted = `accepted by ${owner} until ${until}: ${why} (${difference.why})`;
      return { ...difference, verdict: 'accepted', why: accepted };
    }
    const [over] = fitting;
    if (!over) return difference;
    return {
      ...difference,
      why: `${difference.why}; ${over.owner} accepted it until ${over.until}, which is over`,
    };
  });
}

function fits(acceptance: Acceptance, app: string, path: string): boolean {
  if (acceptance.app !== undefined && acceptance.app !== app) return false;
  const parts = acceptance.path.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(path);
}

/** The day belongs to it, to its end in UTC. */
function endOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) + 86_400_000;
}
