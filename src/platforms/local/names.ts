import { hash } from '../names.ts';

export const serviceKind = 'local service';
export const cronKind = 'local cron';

/** The service that bears the app's name is `hcn`; what stands beside it is `hcn.worker`. */
export function serviceName(app: string, service: string = app): string {
  return service === app ? plain(app) : `${plain(app)}.${plain(service)}`;
}

/** Crons of two apps may bear one name, so the app stands in front. */
export function cronName(app: string, cron: string): string {
  return `${plain(app)}.${plain(cron)}`;
}

/** The supervisor takes letters, digits, `.`, `_` and `-`; any other name is made to fit and gets a hash of itself. */
export function plain(name: string): string {
  if (/^[A-Za-z0-9][\w-]{0,80}$/.test(name)) return name;
  const base = name.replace(/[^\w-]+/g, '-').replace(/^[_-]+/, '');
  return `${base.slice(0, 80)}-${hash(name)}`.replace(/^-/, '');
}
