import type { DeploymentEvent, DeploymentStatus } from '../model/deployment.ts';
import type { Move, MoveEvent, MovePhase } from '../model/move.ts';

type Of<Type extends MoveEvent['type']> = Extract<MoveEvent, { type: Type }>;
export type Figures = Of<'figures'>;
export type GateEvent = Of<'gate'>;
export type Tick = Of<'tick'>;

/** What happened in a move, sorted by what it is; times are ms since 1970. */
export interface Story {
  readonly move: Move;
  readonly from: number;
  readonly to: number;
  /** The old home, the new one, then whatever else got requests. */
  readonly homes: readonly string[];
  readonly phases: readonly PhaseSpan[];
  readonly shares: readonly ShareAt[];
  readonly figures: readonly Figures[];
  readonly actions: readonly ActionTaken[];
  readonly gates: readonly GateEvent[];
  readonly ticks: readonly Tick[];
  readonly deployments: readonly InnerDeployment[];
}

export interface PhaseSpan {
  readonly phase: MovePhase;
  readonly direction: Move['direction'];
  readonly paused: boolean;
  readonly from: number;
  readonly to: number;
}

/** From then on the new home had this share, percent. */
export interface ShareAt {
  readonly at: number;
  readonly share: number;
}

/** An action with both of its ends; one without an end was cut short. */
export interface ActionTaken {
  readonly at: number;
  readonly phase: MovePhase;
  readonly action: string;
  readonly outcome: 'done' | 'failed' | 'begun';
  readonly message?: string;
  readonly tookMs?: number;
}

export interface InnerDeployment {
  readonly id: string;
  readonly app: string;
  readonly from: number;
  readonly to: number;
  readonly action?: string;
  readonly version?: string;
  readonly homes: readonly string[];
  readonly status: DeploymentStatus;
  readonly message?: string;
}

/** Sorts what was recorded of one move. Events of others are left out. */
export function storyOf(move: Move, events: readonly MoveEvent[]): Story {
  const own = events.filter((event) => idOf(event) === move.move);
  const figures = own.filter(is('figures'));
  const times = [...own.map(({ at }) => at), move.finishedAt ?? move.startedAt].map(Date.parse);
  const from = Date.parse(move.startedAt);
  const to = times.reduce((latest, time) => Math.max(latest, time), from);
  const told = own.filter(is('move'));
  return {
    move,
    from,
    to,
    homes: homesOf(move, figures),
    phases: phasesOf(move, told, from, to),
    shares: sharesOf(move, told, figures),
    figures,
    actions: actionsOf(own.filter(is('action'))),
    gates: own.filter(is('gate')),
    ticks: ticksOf(own.filter(is('tick'))),
    deployments: deploymentsOf(own.filter(is('deployment')), to),
  };
}

function is<Type extends MoveEvent['type']>(type: Type) {
  return (event: MoveEvent): event is Of<Type> => event.type === type;
}

function idOf(event: MoveEvent): string {
  return event.type === 'move' ? event.move.move : event.move;
}

function homesOf(move: Move, figures: readonly Figures[]): readonly string[] {
  const seen = figures.flatMap(({ homes }) => homes.map(({ home }) => home));
  return [...new Set([move.from, move.to, ...seen])];
}

function phasesOf(move: Move, told: readonly Of<'move'>[], from: number, to: number): readonly PhaseSpan[] {
  const spans: PhaseSpan[] = [];
  const all = told.length === 0 ? [{ at: move.startedAt, move }] : told;
  for (const { at, move: now } of all) {
    const last = spans.at(-1);
    const { phase, direction, paused } = now;
    if (last?.phase === phase && last.direction === direction && last.paused === paused) continue;
    const since = last === undefined ? from : Date.parse(at);
    if (last) spans[spans.length - 1] = { ...last, to: since };
    spans.push({ phase, direction, paused, from: since, to });
  }
  return spans;
}

/** Both what the move says and what was read while counting; where it stays, once. */
function sharesOf(move: Move, told: readonly Of<'move'>[], figures: readonly Figures[]): readonly ShareAt[] {
  const all = [
    ...told.map(({ at, move: { shares } }) => ({ at: Date.parse(at), share: shares[move.to] })),
    ...figures.map(({ at, homes }) => ({ at: Date.parse(at), share: shareOf(move.to, homes) })),
  ].sort((a, b) => a.at - b.at);
  const steps: ShareAt[] = [];
  for (const { at, share } of all) {
    if (share !== undefined && steps.at(-1)?.share !== share) steps.push({ at, share });
  }
  return steps;
}

function shareOf(home: string, homes: Figures['homes']): number | undefined {
  return homes.find((each) => each.home === home)?.share;
}

/** One that was told twice, by somebody who went on where another one stopped, is one. */
function ticksOf(ticks: readonly Tick[]): readonly Tick[] {
  return [...new Map(ticks.map((tick) => [JSON.stringify([tick.cron, tick.home, tick.at]), tick])).values()];
}

/** Puts the end of an action to its beginning. */
function actionsOf(events: readonly Of<'action'>[]): readonly ActionTaken[] {
  const taken: ActionTaken[] = [];
  for (const event of events) {
    const open = taken.findLastIndex(({ action, outcome }) => action === event.action && outcome === 'begun');
    const begun = event.outcome === 'begun' ? undefined : taken[open];
    if (begun) taken[open] = actionTaken(event, begun);
    else taken.push(actionTaken(event));
  }
  return taken.sort((a, b) => a.at - b.at);
}

function actionTaken(event: Of<'action'>, begun?: ActionTaken): ActionTaken {
  const { phase, action, outcome, message } = event;
  const now = Date.parse(event.at);
  const tookMs = event.tookMs ?? (begun ? now - begun.at : undefined);
  return {
    at: begun?.at ?? now - (outcome === 'begun' ? 0 : (tookMs ?? 0)),
    phase,
    action,
    outcome,
    ...(message === undefined ? {} : { message }),
    ...(tookMs === undefined ? {} : { tookMs }),
  };
}

function deploymentsOf(events: readonly Of<'deployment'>[], end: number): readonly InnerDeployment[] {
  const all = new Map<string, InnerDeployment>();
  for (const { at, event } of events) {
    const id = event.type === 'deployment' ? event.deployment.deployment : event.deployment;
    const before = all.get(id) ?? unseen(id, event, Date.parse(at), end);
    all.set(id, event.type === 'deployment' ? seen(before, event) : before);
  }
  return [...all.values()].sort((a, b) => a.from - b.from);
}

function unseen(id: string, event: DeploymentEvent, from: number, to: number): InnerDeployment {
  const app = event.type === 'deployment' ? event.deployment.app : event.app;
  return { id, app, from, to, homes: [], status: 'running' };
}

function seen(
  before: InnerDeployment,
  { deployment }: Extract<DeploymentEvent, { type: 'deployment' }>,
): InnerDeployment {
  const { action, version, homes, status, startedAt, finishedAt, failure } = deployment;
  return {
    ...before,
    action,
    version,
    homes,
    status,
    from: Date.parse(startedAt),
    to: finishedAt === undefined ? before.to : Date.parse(finishedAt),
    ...(failure ? { message: failure.message } : {}),
  };
}
