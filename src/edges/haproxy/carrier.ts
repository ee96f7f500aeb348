import { dirname, join } from 'node:path';
import { type Failure, isFailure } from '../../model/failure.ts';
import { parse } from '../daemon/protocol.ts';
import type { Carrier, CarrierContext, FrontSpec } from '../daemon/site.ts';
import { type Balancer, createBalancer } from './balancer.ts';
import { type FigureBook, figureBook } from './figures.ts';
import { foreignProcess } from './foreign.ts';
import { type Hearing, hear } from './hearing.ts';
import type { Options } from './model.ts';
import { folderOf, placeIn } from './place.ts';
import { ownProcess } from './process.ts';
import { runtimeApi } from './runtime-api.ts';
import { type ProcessSettings, processSettings } from './settings.ts';
import { createSite } from './site.ts';

/** One HAProxy at work. */
interface Opened {
  readonly balancer: Balancer;
  readonly figures: FigureBook;
  readonly hearing: Hearing;
  settings: ProcessSettings;
}

const notingMs = 200;

/** Carries traffic in an HAProxy for each environment. */
export function haproxyCarrier(context: CarrierContext): Carrier {
  const opened = new Map<string, Opened>();
  const closing = new AbortController();

  /** Old processes end with their last connection: what they count until then is read while they are there. */
  const keepNoting = async ({ balancer, figures }: Opened) => {
    while (!closing.signal.aborted) {
      await context.clock.sleep(notingMs, closing.signal);
      if (closing.signal.aborted || balancer.workers.old.length === 0) continue;
      await figures.note(homesIn(balancer));
      await balancer.workers.look();
    }
  };

  const open = (environment: string, settings: ProcessSettings): Opened => {
    const known = opened.get(environment);
    if (known) return known;
    const fresh = openHaproxy(
      context,
      environment,
      settings,
      () => opened.get(environment)?.settings ?? settings,
    );
    opened.set(environment, fresh);
    void keepNoting(fresh);
    return fresh;
  };

  return {
    site(spec: FrontSpec, homes) {
      const settings = settingsIn(spec.settings);
      if (isFailure(settings)) return settings;
      const haproxy = open(spec.environment, settings);
      const configure = (next: FrontSpec['settings']) => {
        const wanted = settingsIn(next);
        if (isFailure(wanted)) return wanted;
        haproxy.settings = wanted;
        return undefined;
      };
      return createSite(spec, homes, { ...context, ...haproxy, configure });
    },
    async close() {
      closing.abort();
      for (const { balancer, hearing, figures } of opened.values()) {
        await balancer.close(context.limits.stopMs);
        figures.forget();
        await figures.note([]);
        hearing.close();
      }
    },
  };
}

function settingsIn(settings: FrontSpec['settings']): ProcessSettings | Failure {
  return parse(processSettings, settings ?? {}, 'the settings of HAProxy');
}

function openHaproxy(
  { folder, host, limits, log }: CarrierContext,
  environment: string,
  first: ProcessSettings,
  settings: () => ProcessSettings,
): Opened {
  const own = first.run;
  const place = placeIn(own ? folderOf(folder, environment) : join(first.folder ?? folder));
  const process = own
    ? ownProcess(host, place, first.command)
    : foreignProcess(host, { reload: first.reload ?? 'false', master: first.master_socket });
  const api = runtimeApi(() => (own ? place.socket('admin.sock') : (first.socket ?? '')));
  // Its own process reads names in its folder; another one needs to know where that is.
  const named = (name: string) => (own ? name : join(place.folder, name));
  const paths = {
    map: named('shares.map'),
    lua: named('rehome.lua'),
    log: named('log.sock'),
    ...(own ? { stats: 'admin.sock' } : {}),
    scope: dirname(place.config),
  };
  const options = (): Options => {
    const { retry, retry_of, hard_stop_after, threads, connect_timeout } = settings();
    return {
      retry,
      retryOf: retry_of,
      hardStopAfter: hard_stop_after,
      threads,
      waitMs: limits.waitMs,
      connectMs: Number.parseInt(connect_timeout, 10),
    };
  };
  const balancer: Balancer = createBalancer({
    host,
    environment,
    place,
    paths,
    options,
    process,
    api,
    log,
    onWorkers: () => figures.note(homesIn(balancer)),
  });
  const hearing = hear(place.socket('log.sock'), log);
  const figures = figureBook(host, environment, balancer.workers, hearing, place.counts);
  return { balancer, figures, hearing, settings: first };
}

function homesIn({ members }: Balancer) {
  return [...members.values()].flatMap((member) => {
    const { app, homes } = member.front();
    const all = homes.map(({ home }) => home);
    return all.map((home) => [app, home, all] as const);
  });
}
