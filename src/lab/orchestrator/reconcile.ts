import { randomUUID } from 'node:crypto';
import type { TaskSpec } from '../agent/agent.ts';
import { startableAt } from './backoff.ts';
import { stopChecks } from './checks.ts';
import { type Core, snapshot } from './core.ts';
import { type Candidate, type Decision, decide } from './decide.ts';
import { idOfKey } from './orchestrator.ts';
import type { Member, RolloutState, Service } from './state.ts';
import { configOf, isHealthy, isReady } from './view.ts';

/** Does what is to be done next for a service: notes it, writes it down, and only then acts. */
export function reconcile(core: Core, service: Service): void {
  const decision = decideFor(service);
  const victims = markVictims(core, service, decision);
  for (let n = 0; n < decision.add; n++) addMember(core, service);
  const due = startDue(core, service);
  pruneRevisions(service);
  if (victims.length + decision.add + due.length > 0) core.save(service);
  for (const member of victims) kill(core, service, member);
  for (const member of due) launch(core, service, member);
  wakeAfterDelay(core, service);
  if (decideFor(service).done) endRollout(core, service);
}

export function candidatesOf(service: Service): readonly Candidate[] {
  return service.members.map((member) => ({
    id: member.id,
    old: member.revision !== service.revision,
    ending: member.goal === 'end',
    waiting: member.waiting,
    running: member.state === 'TASK_RUNNING',
    healthy: member.goal === 'run' && isHealthy(service, member),
    ready: member.goal === 'run' && isReady(service, member),
    ...(member.startedAt === undefined ? {} : { startedAt: member.startedAt }),
  }));
}

function decideFor(service: Service): Decision {
  const { rollout } = service;
  const { upgrade, killSelection } = configOf(service, service.revision);
  return decide({
    wanted: service.wanted,
    candidates: candidatesOf(service),
    upgrade,
    killSelection,
    kind: rollout?.state === 'running' ? rollout.kind : 'keep',
    ...(rollout?.strategy ? { strategy: rollout.strategy } : {}),
  });
}

/** Those that only wait are dropped at once; returns those whose tasks must be killed. */
function markVictims(core: Core, service: Service, { kill }: Decision): readonly Member[] {
  const victims = service.members.filter(({ id }) => kill.includes(id));
  for (const member of victims) member.goal = 'end';
  for (const member of service.members) {
    if (member.goal === 'end' && member.waiting) dropMember(core, service, member);
  }
  return victims.filter((member) => !member.waiting);
}

/** Takes a member away whose task has ended, or that never had one. */
export function dropMember(core: Core, service: Service, member: Member): void {
  stopChecks(member);
  service.members = service.members.filter((one) => one !== member);
  core.owners.delete(member.taskId);
  core.emit({ type: 'gone', at: Date.now(), key: service.key, instance: snapshot(service, member) });
  core.saveSoon(service);
  core.wake(service);
}

function addMember(core: Core, service: Service): Member {
  const id = `${idOfKey(service.key)}.instance-${randomUUID()}`;
  const member: Member = {
    id,
    incarnation: 1,
    taskId: `${id}._app.1`,
    revision: service.revision,
    state: 'TASK_STAGING',
    message: '',
    waiting: true,
    ports: [],
    health: [],
    goal: 'run',
  };
  service.members.push(member);
  core.owners.set(member.taskId, { service, member });
  return member;
}

/** Readies those that have waited long enough, for their first start or their next one. */
function startDue(core: Core, service: Service): readonly Member[] {
  const now = Date.now();
  const due = service.members.filter(
    ({ waiting, revision }) => waiting && (startableAt(service, revision) ?? 0) <= now,
  );
  const replacing = service.rollout?.state === 'running' && service.rollout.kind === 'replace';
  const starting = due.map((member) => {
    if (member.state === 'TASK_STAGING') return member;
    return replacing ? startFresh(core, service, member) : startAgain(core, service, member);
  });
  for (const member of starting) member.waiting = false;
  return starting;
}

/** In a replacement what failed gets a successor of its own; elsewhere it is the same instance once more. */
function startFresh(core: Core, service: Service, member: Member): Member {
  member.goal = 'end';
  dropMember(core, service, member);
  return addMember(core, service);
}

function startAgain(core: Core, service: Service, member: Member): Member {
  core.owners.delete(member.taskId);
  member.incarnation++;
  member.taskId = `${member.id}._app.${member.incarnation}`;
  member.goal = 'run';
  member.state = 'TASK_STAGING';
  member.message = '';
  member.ports = [];
  delete member.stagedAt;
  delete member.startedAt;
  delete member.readiness;
  if (!core.config.healthSurvivesRestart) member.health = [];
  core.owners.set(member.taskId, { service, member });
  return member;
}

export function launch(core: Core, service: Service, member: Member): void {
  const config = configOf(service, member.revision);
  const spec: TaskSpec = {
    owner: core.config.name,
    name: service.key,
    env: config.env,
    ports: config.ports,
    resources: config.resources,
    killGraceMs: config.killGraceMs,
    once: false,
    ...(config.image === undefined ? {} : { image: config.image }),
    ...(config.command === undefined ? {} : { command: config.command }),
    ...(config.args === undefined ? {} : { args: config.args }),
    ...(config.labels === undefined ? {} : { labels: config.labels }),
  };
  void core.config.agent.launch(member.taskId, spec);
}

export function kill(core: Core, service: Service, member: Member): void {
  const { agent, beforeKill } = core.config;
  stopChecks(member);
  const { killGraceMs } = configOf(service, member.revision);
  const before = beforeKill && (() => beforeKill(service.key, snapshot(service, member)));
  agent.kill(member.taskId, { graceMs: killGraceMs, ...(before ? { before } : {}) });
}

function wakeAfterDelay(core: Core, service: Service): void {
  stopWaiting(service);
  const waiting = service.members.filter((member) => member.waiting);
  if (waiting.length === 0) return;
  const first = Math.min(...waiting.map(({ revision }) => startableAt(service, revision) ?? 0));
  // also for one whose time came only since it was looked at
  timers.set(
    service,
    setTimeout(() => core.wake(service), Math.max(1, first - Date.now())),
  );
}

const timers = new WeakMap<Service, NodeJS.Timeout>();

export function stopWaiting(service: Service): void {
  clearTimeout(timers.get(service));
  timers.delete(service);
}

/** Ends the rollout that goes on, if any, and tells of it. A stopped service is forgotten with it. */
export function endRollout(core: Core, service: Service, state: RolloutState['state'] = 'done'): void {
  const { rollout } = service;
  if (rollout?.state !== 'running') return;
  const at = Date.now();
  service.rollout = { ...rollout, state, endedAt: at };
  if (state === 'done' && rollout.kind === 'stop') core.forget(service);
  else core.save(service);
  core.emit({ type: 'rollout', at, key: service.key, rollout: service.rollout });
  if (state === 'done' && rollout.kind === 'stop') core.emit({ type: 'removed', at, key: service.key });
}

/** Configs of revisions that nothing runs any more are let go of. */
function pruneRevisions(service: Service): void {
  const used = new Set([service.revision, ...service.members.map(({ revision }) => revision)]);
  const kept = Object.entries(service.revisions).filter(([revision]) => used.has(revision));
  service.revisions = Object.fromEntries(kept);
  const sinces = new Set(kept.map(([, { since }]) => since));
  service.delays = Object.fromEntries(Object.entries(service.delays).filter(([since]) => sinces.has(since)));
}
