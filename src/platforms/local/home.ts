import { apiOf } from '../api.ts';
import { changed, type Marks, markLook } from '../changed.ts';
import type { Counters } from '../failures.ts';
import { type Json, text } from '../json.ts';
import { listenerOn, serverEvents } from '../listener.ts';
import type { ConnectContext, Home, Target } from '../platform.ts';
import { apply } from './apply.ts';
import { setDuty } from './duty.ts';
import { endpoints } from './endpoints.ts';
import { inventory } from './inventory.ts';
import { runJob } from './jobs.ts';
import { logs } from './logs.ts';
import { plain, serviceName } from './names.ts';
import { observe } from './observe.ts';
import { ready } from './ready.ts';
import { runsSince } from './runs.ts';
import type { LocalSettings } from './settings.ts';
import { supervisorAt } from './supervisor.ts';

/** The supervisor of this machine, with the environment as its scope. Nothing is asked before a method is called. */
export function connect(settings: LocalSettings, context: ConnectContext): Home {
  const { host, environment, home } = context;
  const { clock } = host;
  const api = apiOf('The supervisor', settings.api, host);
  const supervisor = supervisorAt(api, plain(environment));
  const subjects = (data: Json) => [text(data['name']) ?? ''];
  const path = `/v1/events?scope=${encodeURIComponent(supervisor.scope)}`;
  const ears = { clock, listener: listenerOn(serverEvents(api, path, subjects), clock) };
  const target: Target<LocalSettings> = { environment, home, settings };
  const marks: Marks = new Map();
  const looker = { supervisor, clock, counters: new Map() as Counters };
  return {
    observe: (scope, signal) => observe(supervisor, scope, signal),
    apply: (changes, applying) => apply(supervisor, changes, applying),
    ready(app, looking) {
      markLook(ears, marks, serviceName(app.name));
      return ready(looker, app, looking);
    },
    changed: (app, atMostMs, signal) => changed(ears, marks, serviceName(app), atMostMs, signal),
    runJob: (job, run) => runJob(supervisor, job, run),
    setDuty: (app, duty, signal) => setDuty(supervisor, app, duty, signal),
    runsSince: (app, sinceMs, signal) => runsSince(supervisor, clock, app, sinceMs, signal),
    inventory: (signal) => inventory(supervisor, target, signal),
    endpoints: (app, signal) => endpoints(supervisor, clock, app, signal),
    logs: (query) => logs(supervisor, query),
  };
}
