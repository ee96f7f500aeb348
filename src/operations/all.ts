import { approve } from './approve.ts';
import { check } from './check.ts';
import { compareHomes } from './compare.ts';
import { deploy, found } from './deploy.ts';
import { doctor } from './doctor.ts';
import { unknownIn, unlessUnknown } from './known.ts';
import { logs } from './logs.ts';
import { move } from './move/begin.ts';
import { planMove } from './move/forecast.ts';
import { steerMove } from './move/steer.ts';
import { moveAll } from './move/waves.ts';
import type { Names, Operations } from './operations.ts';
import { plan, planRollback } from './plan.ts';
import { render } from './render.ts';
import { cancel, resume } from './resume.ts';
import { bringBack, planBringBack } from './retire/bring-back.ts';
import { cutOut, planCutOut } from './retire/cut-out.ts';
import { forecast } from './retire/forecast.ts';
import { retire } from './retire/retire.ts';
import { rollback } from './rollback.ts';
import { runTask } from './run-task.ts';
import { serveAgain } from './serve-again.ts';
import { status } from './status.ts';
import { planSync, sync } from './sync.ts';
import { validate } from './validate.ts';
import type { Wired } from './wired.ts';
import { work } from './work.ts';

/** All that can be asked for, on one opened workspace. */
export function operationsOn(wired: Wired): Operations {
  const { store, workspace } = wired;
  return {
    root: workspace.root,
    workspace,
    names: async () => names(wired),
    check: (query) => check(wired, query),
    render: (target, where) => render(wired, target, where),
    plan: (targets, where) => plan(wired, targets, where),
    validate: (targets, where) => validate(wired, targets, where),
    deploy: (request, watch, signal) => deploy(wired, request, watch, signal),
    rollback: (request, watch, signal) => rollback(wired, request, watch, signal),
    planRollback: (request) => planRollback(wired, request),
    sync: (request, watch, signal) => sync(wired, request, watch, signal),
    planSync: (request) => planSync(wired, request),
    status: async (query) => unlessUnknown(wired, query, await status(wired, query)),
    history: async (query) => unlessUnknown(wired, query, await store.deployments(query)),
    show: (id) => found(wired, id),
    resume: (id, watch, signal) => resume(wired, id, watch, signal),
    cancel: (id, watch, signal) => cancel(wired, id, watch, signal),
    approve: (id) => approve(wired, id),
    compare: (request, signal) => compareHomes(wired, request, signal),
    planMove: (request) => planMove(wired, request),
    move: (request, watch, signal) => move(wired, request, watch, signal),
    moveAll: (request, watch, signal) => moveAll(wired, request, watch, signal),
    moves: async ({ running, ...query }) =>
      unlessUnknown(wired, query, await store.moves({ ...query, ...(running ? { status: 'running' } : {}) })),
    steerMove: (request, watch, signal) => steerMove(wired, request, watch, signal),
    moveEvents: (id) => store.moveEvents(id),
    planRetire: (request) => forecast(wired, request, { notes: false }),
    retire: (request, watch, signal) => retire(wired, request, watch, signal),
    planBringBack: (request) => planBringBack(wired, request),
    bringBack: (request, watch, signal) => bringBack(wired, request, watch, signal),
    planCutOut: (request) => planCutOut(wired, request),
    cutOut: (request) => cutOut(wired, request),
    locks: () => store.locks(),
    releaseLock: async (app, environment) =>
      (await store.releaseLock(app, environment)) ||
      ((await unknownIn(wired, { app, environment })) ?? false),
    logs: (request) => logs(wired, request),
    run: (request, onLine, signal) => runTask(wired, request, onLine, signal),
    serveAgain: () => serveAgain(wired),
    work: (request, watch, signal) => work(wired, request, watch, signal),
    doctor: () => doctor(wired),
    close: () => store.close(),
  };
}

function names({ workspace }: Wired): Names {
  const environments = Object.values(workspace.environments);
  return {
    apps: Object.keys(workspace.manifests),
    environments: environments.map(({ name }) => name),
    homes: environments.flatMap(({ name, homes }) => homes.map((home) => `${name}.${home.name}`)),
    protected: environments.filter((one) => one.protected).map(({ name }) => name),
  };
}
