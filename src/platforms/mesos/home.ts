import { apiOf } from '../api.ts';
import { changed, type Marks, markLook } from '../changed.ts';
import type { Counters } from '../failures.ts';
import { listenerOn } from '../listener.ts';
import type { ConnectContext, Home, Target } from '../platform.ts';
import { accessTo } from './access.ts';
import { apply } from './apply.ts';
import { chronosAt } from './chronos.ts';
import { setDuty } from './duty.ts';
import { endpoints } from './endpoints.ts';
import { marathonEvents } from './events.ts';
import { inventory } from './inventory.ts';
import { runJob } from './jobs.ts';
import type { Links } from './links.ts';
import { logs } from './logs.ts';
import { marathonAt } from './marathon.ts';
import { marathonId } from './names.ts';
import { observe } from './observe.ts';
import { ready } from './ready.ts';
import { runsSince } from './runs.ts';
import { sandboxesOf } from './sandboxes.ts';
import type { MesosSettings } from './settings.ts';

/** The live side of one Marathon with its Chronos. Nothing is asked before a method is called. */
export function connect(settings: MesosSettings, context: ConnectContext): Home {
  const links = linksOf(settings, context);
  const { environment, home } = context;
  const target: Target<MesosSettings> = { environment, home, settings };
  const marks: Marks = new Map();
  const counters: Counters = new Map();
  return {
    observe: (scope, signal) => observe(links, scope, signal),
    apply: (changes, applying) => apply(links, changes, applying),
    ready(app, looking) {
      markLook(links, marks, marathonId(app.name));
      return ready(links, counters, target, app, looking);
    },
    changed: (app, atMostMs, signal) => changed(links, marks, marathonId(app), atMostMs, signal),
    runJob: (job, run) => runJob(links, job, run),
    setDuty: (app, duty, signal) => setDuty(links, app, duty, signal),
    runsSince: (app, sinceMs, signal) => runsSince(links, app, sinceMs, signal),
    inventory: (signal) => inventory(links, target, signal),
    endpoints: (app, signal) => endpoints(links, app, signal),
    logs: (query) => logs(links, query),
  };
}

function linksOf(settings: MesosSettings, context: ConnectContext): Links {
  const { host } = context;
  const access = accessTo(settings, context);
  const marathonApi = apiOf('Marathon', settings.marathon, host, access);
  const mesosAt = (url: string) => apiOf('Mesos', url, host, access);
  const { chronos, mesos } = settings;
  return {
    clock: host.clock,
    marathon: marathonAt(marathonApi, host.clock),
    chronos:
      chronos === undefined
        ? undefined
        : chronosAt(apiOf('Chronos', chronos, host, access), settings.chronos_api),
    sandboxes: mesos === undefined ? undefined : sandboxesOf(mesosAt(mesos), mesosAt),
    listener: listenerOn(marathonEvents(marathonApi), host.clock),
    own: new Set(),
  };
}
