import type { MovePhase } from '../model/move.ts';
import { handOver } from './hand-over.ts';
import type { Action, Intent, Observation, SeenHome } from './move.ts';
import type { Next } from './next.ts';
import { adapt, obstacle, progressOf, releasesOf, sharesAt, wait } from './waiting.ts';

/** Shares are percents with fractions of their own. */
const nearly = 1e-6;

/** The way to the new home. */
export function forth(intent: Intent, seen: Observation): Next {
  const phase = phaseOf(seen);
  const over = failing(seen) ?? soaked(intent, seen);
  const bad = over ?? obstacle(seen, seen.from, seen.to) ?? paused(intent, seen);
  if (bad) return { phase, action: bad };
  return (
    step('arrive', arrive(seen)) ??
    step('compare', compare(seen)) ??
    step('rehearse', rehearse(seen)) ??
    step('share', share(intent, seen)) ??
    step('duty', handOver(seen, { from: seen.from, to: seen.to })) ??
    step('duty', settleDown(seen)) ?? { phase: 'soak', action: soak(intent, seen) }
  );
}

function step(phase: MovePhase, action: Action | undefined): Next | undefined {
  return action && { phase, action };
}

/** Where it stands, for whoever waits before it is known what comes next. */
function phaseOf(seen: Observation): MovePhase {
  const { marks, duty, to } = seen;
  if (marks.soakSince !== undefined) return 'soak';
  if (progressOf(seen) >= 100 - nearly && (marks.disarmed !== undefined || duty === to.home)) return 'duty';
  return progressOf(seen) > 0 ? 'share' : 'arrive';
}

/** A gate that fails is heard whatever else goes on, and so is whoever took the traffic away by hand. */
function failing(seen: Observation): Action | undefined {
  const { verdict, marks, to } = seen;
  if (marks.stage && progressOf(seen) === 0)
    return { kind: 'turn', why: `the traffic of ${to.home} was taken away by hand` };
  if (verdict?.verdict !== 'fail' || progressOf(seen) === 0) return undefined;
  return { kind: 'turn', why: verdict.why };
}

/** Not while the crons are disarmed in the old home and not yet armed in the new one. */
function paused({ paused: is }: Intent, { from, duty }: Observation): Action | undefined {
  const between = from.armed === false && duty === from.home;
  return is && !between ? wait('paused; rehome move resume goes on') : undefined;
}

/** What becomes of the old home after that is nobody's concern any more. */
function soaked({ finish, paused: held, plan }: Intent, seen: Observation): Action | undefined {
  const { marks, now, to, duty } = seen;
  if (marks.soakSince === undefined || marks.soakSince > now || duty !== to.home || held) return undefined;
  if (progressOf(seen) < 100 - nearly || (now < marks.soakSince + plan.soakMs && !finish)) return undefined;
  return { kind: 'settle', status: 'done', why: `${to.home} has the traffic and the duty` };
}

/** The same release in the new home, in full strength: that it can hold the traffic is seen before it gets any. */
function arrive(seen: Observation): Action | undefined {
  const { from, to, shares, duty } = seen;
  if (!from.release) {
    if (progressOf(seen) > 0) return wait(`nothing runs in ${from.home} any more`);
    return { kind: 'turn', why: `${from.home} runs nothing that rehome deployed` };
  }
  const { version } = from.release;
  if (to.release?.version !== version) {
    if (progressOf(seen) > 0) return wait(skew(seen));
    const share = shares[to.home] ?? 0;
    const why = `${to.home} is to run ${version} as well`;
    return { kind: 'deploy', home: to.home, version, share, duty: duty === to.home, why };
  }
  if (to.healthy >= to.wanted) return undefined;
  return wait(strength(to));
}

function strength({ home, healthy, wanted }: SeenHome): string {
  return `${healthy} of ${wanted} instances are healthy in ${home}`;
}

function skew({ from, to }: Observation): string {
  const there = to.release ? `runs ${to.release.version}` : 'runs nothing';
  return `versions differ: ${from.home} runs ${from.release?.version}, ${to.home} ${there}; a deployment brings them together`;
}

/** Once all traffic has moved there is nothing to be found out any more. */
function compare(seen: Observation): Action | undefined {
  const releases = releasesOf(seen);
  if (progressOf(seen) >= 100 - nearly) return undefined;
  return seen.marks.compared === releases ? undefined : { kind: 'compare', releases };
}

/** With traffic, the traffic tells. */
function rehearse(seen: Observation): Action | undefined {
  const release = seen.to.identity;
  if (progressOf(seen) > 0 || seen.marks.rehearsed === release) return undefined;
  return { kind: 'rehearse', release };
}

function share(intent: Intent, seen: Observation): Action | undefined {
  const at = progressOf(seen);
  if (at >= 100 - nearly && seen.duty === seen.to.home) return beginStage(seen, at);
  const next = intent.plan.stages.find((stage) => stage > at + nearly);
  const held = at > 0 ? (lowerOld(seen) ?? beginStage(seen, at) ?? hold(intent, seen, at)) : undefined;
  if (held || next === undefined) return held;
  if (intent.plan.manual && intent.approved < next) {
    return wait(`${next} % wants a yes: rehome move approve`);
  }
  const shares = sharesAt(seen, next);
  const { to, from, duty } = seen;
  const ready = adapt(to, from.release?.version ?? '', shares[to.home] ?? 0, duty === to.home);
  return ready ?? { kind: 'share', shares, why: `${next} % to ${to.home}` };
}

/** From when on, and with which releases, a share is in force: what the gate looks at. */
function beginStage(seen: Observation, at: number): Action | undefined {
  const releases = releasesOf(seen);
  const { stage } = seen.marks;
  // A clock that went back since would make the stage as much longer.
  const began = stage && stage.since <= seen.now;
  if (began && stage.releases === releases && Math.abs(stage.share - at) <= nearly) return undefined;
  return { kind: 'begin-stage', share: at, releases };
}

/** What stands between a share that is in force and the next one. */
function hold(intent: Intent, seen: Observation, at: number): Action | undefined {
  const { marks, now, verdict, from, to } = seen;
  const { holdMs, gate } = intent.plan;
  const { stage } = marks;
  if (!stage) return undefined;
  if (marks.soakSince !== undefined || marks.disarmed !== undefined || seen.duty === to.home)
    return undefined;
  const until = stage.since + holdMs;
  const known = intent.plan.stages.some((one) => Math.abs(one - at) <= nearly);
  const where = `${Math.round(at * 10) / 10} % in ${to.home}${known ? '' : ', set by hand'}`;
  const share = at < 100 - nearly && from.healthy < from.wanted ? `${where}, and ${strength(from)}` : where;
  if (now < until) return wait(`${share}${verdict ? `: ${verdict.why}` : ''}`, until);
  if (!verdict) return wait(`${share}: no figures yet`);
  if (verdict.unanswered || (verdict.verdict === 'inconclusive' && gate.inconclusive === 'hold'))
    return wait(`${share}: ${verdict.why}`);
  return undefined;
}

/** What has less to do is made smaller, after the other one was made larger. */
function lowerOld({ from, shares, duty }: Observation): Action | undefined {
  return adapt(from, from.release?.version ?? '', shares[from.home] ?? 0, duty === from.home);
}

/** With the duty gone as well the old home has nothing to consume; only then the new one does what only one may. */
function settleDown(seen: Observation): Action | undefined {
  const { from, to, shares, duty } = seen;
  return lowerOld(seen) ?? adapt(to, from.release?.version ?? '', shares[to.home] ?? 0, duty === to.home);
}

function soak({ plan }: Intent, { marks, now, from }: Observation): Action {
  if (marks.soakSince === undefined || marks.soakSince > now) return { kind: 'begin-soak' };
  return wait(`${from.home} is kept warm`, marks.soakSince + plan.soakMs);
}
