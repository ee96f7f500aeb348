import type { HomeStats, Shares } from '../../edges/edge.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import { trafficBetween } from '../../moves/figures.ts';
import { judge, type Verdict } from '../../moves/gate.ts';
import type { Marks, Stage } from '../../moves/move.ts';
import { progressOf, releasesOf } from '../../moves/waiting.ts';
import type { BegunMove } from '../../store/moves.ts';
import { type Checking, checkStage } from './checks.ts';
import { instancesIn } from './instances.ts';
import type { LookedHome } from './seen-home.ts';
import type { Site } from './site.ts';

interface Seen extends Checking {
  readonly stats: readonly HomeStats[];
  readonly shares: Shares;
  readonly from: LookedHome;
  readonly to: LookedHome;
  readonly now: number;
  /** A deployment works on the app: that instances are replaced is no wonder. */
  readonly deploys: boolean;
}

interface Judged {
  readonly marks: Marks;
  readonly verdict?: Verdict;
}

/** What the stage in force shows up to now; without a stage in the marks it begins anew. `store-unusable`. */
export async function verdictOf(site: Site, begun: BegunMove, seen: Seen): Promise<Judged | Failure> {
  const { stats, from, to, deploys } = seen;
  const marks: Marks = begun.marks;
  const { stage, ...others } = marks;
  if (!stage || begun.direction === 'back') return { marks };
  const [old, fresh] = [begun.from, begun.to].map((home) => trafficBetween(stage.before, stats, home));
  const deployed = await wasDeployed(site, begun, stage, seen);
  if (isFailure(deployed)) return deployed;
  // Counters that began anew, or instances that a deployment replaced and perhaps put back: so does the stage.
  if (!old || !fresh || deployed) return { marks: others };
  // What was deployed meanwhile has a stage of its own, from the next look on.
  if (!isSame(stage, from, to) && !deploys) return { marks };
  const restarts = await restartsIn(site, marks, stage, seen);
  const { baseline } = marks;
  const evidence = { from: old, to: fresh, ...(baseline ? { baseline } : {}) };
  const verdict = judge(begun.plan.gate, { ...evidence, ...(restarts === undefined ? {} : { restarts }) });
  if (verdict.verdict === 'fail' || !isOver(begun, stage, seen)) return { marks, verdict };
  const after = marks.soakSince !== undefined || marks.disarmed !== undefined;
  if (after) return { marks: inWindows(marks, stage, begun, seen), verdict };
  return { marks, verdict: (await checkStage(site, begun, stage, seen)) ?? verdict };
}

/** Instances that were replaced since the stage began; undefined where that would tell nothing. */
async function restartsIn(site: Site, { soakSince }: Marks, stage: Stage, { to, deploys, signal }: Seen) {
  const { instances } = stage;
  // In the day of a soak somebody drains a node.
  if (deploys || !instances || soakSince !== undefined || !isOf(stage, to)) return undefined;
  const now = await instancesIn(site, to, signal);
  return now?.filter((id) => !instances.includes(id)).length;
}

/** What went well for hours must not hide what goes wrong now: the last stage is judged in windows of this length, ms. */
const windowMs = 5 * 60_000;

function inWindows(marks: Marks, stage: Stage, { plan }: BegunMove, { stats, now }: Seen): Marks {
  if (now - (stage.window ?? stage.since) < Math.max(windowMs, plan.holdMs)) return marks;
  return { ...marks, stage: { ...stage, before: stats, window: now } };
}

/** Whether somebody's deployment of the app has ended since the stage began, and none goes on. */
async function wasDeployed(
  { wired, app, environment }: Site,
  { move }: BegunMove,
  { since }: Stage,
  { now, deploys }: Seen,
): Promise<boolean | Failure> {
  if (deploys) return false;
  const latest = await wired.store.deployments({ app, environment: environment.name, limit: 3 });
  if (isFailure(latest)) return latest;
  for (const { deployment, finishedAt } of latest) {
    const end = finishedAt === undefined ? 0 : Date.parse(finishedAt);
    // One that ends in the future was told by a clock that went back since.
    if (end <= since || end > now) continue;
    const begun = await wired.store.begun(deployment);
    if (isFailure(begun)) return begun;
    if (begun.options['move'] !== move) return true;
  }
  return false;
}

/** Only a share that is in force still has come to the end of its stage. */
function isOver({ plan }: BegunMove, { share, since }: Stage, { now, shares, from, to }: Seen): boolean {
  const inForce = progressOf({ shares, from: from.seen, to: to.seen });
  return now >= since + plan.holdMs && Math.abs(inForce - share) < 1e-6;
}

/** Who is silent has hardly been deployed to; what its instances answer counts meanwhile. */
function isSame({ releases }: Stage, { seen: from }: LookedHome, { seen: to }: LookedHome): boolean {
  return from.silent !== undefined || to.silent !== undefined || releases === releasesOf({ from, to });
}

/** What a deployment has replaced since tells nothing of how well instances keep. */
function isOf({ deployment }: Stage, { seen }: LookedHome): boolean {
  return !seen.silent && seen.release?.deployment === deployment;
}
