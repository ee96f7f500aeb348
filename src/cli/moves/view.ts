import type { HomeFigures, Move, MoveEvent } from '../../model/move.ts';
import { see as seeDeployment, type View } from '../progress/view.ts';

type Of<Type extends MoveEvent['type']> = Extract<MoveEvent, { type: Type }>;

/** What is known of the moves that are watched, by id, in the order in which they began. */
export type MovesView = ReadonlyMap<string, MoveView>;

export interface MoveView {
  readonly id: string;
  readonly app: string;
  /** Undefined until the move itself was told. */
  readonly move?: Move;
  readonly startedAt: string;
  /** Of the last reading of the edge. */
  readonly homes: readonly HomeFigures[];
  /** Of all readings that were told. */
  readonly counted: { readonly requests: number; readonly errors: number };
  /** The last ones; one that is begun stands until its end is told. */
  readonly actions: readonly Of<'action'>[];
  /** The last verdict of the gate. */
  readonly gate?: Of<'gate'>;
  /** Those that are part of the move. */
  readonly deployments: View;
}

const actionsKept = 4;

/** The view after one more event. */
export function see(view: MovesView, event: MoveEvent): MovesView {
  const id = idOf(event);
  const before = view.get(id) ?? unseen(id, event);
  return new Map(view).set(id, seeOne(before, event));
}

/** Of the move that an event is about. */
export function idOf(event: MoveEvent): string {
  return event.type === 'move' ? event.move.move : event.move;
}

export function isOver(view: MoveView): boolean {
  return view.move !== undefined && view.move.status !== 'running';
}

function unseen(id: string, event: MoveEvent): MoveView {
  const app = 'app' in event ? event.app : event.type === 'move' ? event.move.app : '';
  const counted = { requests: 0, errors: 0 };
  return { id, app, startedAt: event.at, homes: [], counted, actions: [], deployments: new Map() };
}

function seeOne(before: MoveView, event: MoveEvent): MoveView {
  switch (event.type) {
    case 'move':
      return { ...before, move: event.move, app: event.move.app, startedAt: event.move.startedAt };
    case 'action':
      return { ...before, actions: seeAction(before.actions, event) };
    case 'figures':
      return { ...before, homes: event.homes, counted: add(before.counted, event.homes) };
    case 'gate':
      return { ...before, gate: event };
    case 'tick':
      return before;
    case 'deployment':
      return { ...before, deployments: seeDeployment(before.deployments, event.event) };
  }
}

/** The end of an action takes the place of its beginning. */
function seeAction(actions: MoveView['actions'], event: Of<'action'>): MoveView['actions'] {
  const others = actions.filter(({ action, outcome }) => outcome !== 'begun' || action !== event.action);
  return [...others, event].slice(-actionsKept);
}

function add(counted: MoveView['counted'], homes: readonly HomeFigures[]): MoveView['counted'] {
  return homes.reduce(
    (sum, { requests, errors }) => ({ requests: sum.requests + requests, errors: sum.errors + errors }),
    counted,
  );
}
