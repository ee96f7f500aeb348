import { type Failure, isFailure } from '../../model/failure.ts';
import type { Readiness } from '../../platforms/platform.ts';
import { subject, withLog } from '../await-ready.ts';
import type { DeployContext, DeployHome } from '../context.ts';
import { decides, homesThatCame } from '../dark.ts';
import { done, type Step, skipped } from '../step.ts';
import { isUnchanged } from './check.ts';

/** Between two looks at most, ms. */
const lookAgainMs = 500;

/** Post-control: the new release has to stay healthy for a while; one that falls ill is rolled back. */
export const watch: Step = {
  name: 'watch',
  summary: 'Watches the new version for a while; if it falls ill, it is rolled back.',
  async run(context) {
    const { watchMs } = context.options;
    if (watchMs === 0) return skipped('no watch wanted');
    if (isUnchanged(context)) return skipped('nothing changed');
    // A dark home that falls ill stalls a move, not a deployment.
    const homes = homesThatCame(context).filter((home) => decides(context, home));
    const failures = await Promise.all(homes.map((home) => watchHome(context, home, watchMs)));
    return failures.find(isFailure) ?? done(`healthy for ${Math.round(watchMs / 1000)} s`);
  },
};

async function watchHome(
  context: DeployContext,
  home: DeployHome,
  watchMs: number,
): Promise<Failure | undefined> {
  const { clock } = context.host;
  const since = clock.now();
  let illSince: number | undefined;
  for (;;) {
    const ready = await home.home.ready(home.app, { release: home.release, since, signal: context.signal });
    const now = clock.now();
    const over = now - since >= watchMs || context.signal.aborted;
    illSince = isFailure(ready) || isWell(ready) ? undefined : (illSince ?? now);
    if (!isFailure(ready) && isIll(home, ready, over, illSince, now)) return ill(context, home, ready);
    // A home that does not answer for a moment says nothing about the release.
    if (over) return isFailure(ready) ? ready : undefined;
    await home.home.changed(home.app.name, Math.min(lookAgainMs, watchMs), context.signal);
  }
}

/** Ill for good, ill for long, or ill at the end of the watch. */
function isIll(
  home: DeployHome,
  ready: Readiness,
  over: boolean,
  since: number | undefined,
  now: number,
): boolean {
  if (ready.done && !ready.ok) return true;
  return since !== undefined && (over || now - since >= patienceMs(home));
}

function isWell({ wanted, running, healthy }: Readiness): boolean {
  return running >= wanted && healthy >= wanted;
}

/** One failed check may be chance; two in a row are not. */
function patienceMs({ app }: DeployHome): number {
  return Math.max(1_000, ...app.services.map(({ health }) => 2 * (health?.intervalMs ?? 0)));
}

function ill(context: DeployContext, home: DeployHome, ready: Readiness): Failure {
  const why = ready.why || `${ready.healthy} of ${ready.wanted} healthy`;
  return withLog(
    'not-healthy',
    `${subject(context, home)} became healthy but did not stay so: ${why}.`,
    ready,
  );
}
