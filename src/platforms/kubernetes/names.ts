import { hash } from '../names.ts';

/** The shortest limit of all kinds, that of a CronJob: one name fits everywhere, with a suffix too. */
const longest = 52;

/**
 * A name as Kubernetes takes it, for any name at all: lower-case letters, digits and dashes, a letter first. One that
 * fits already stays as it is; any other is made readable and gets a hash of itself, so that two never become one.
 */
export function plain(name: string): string {
  const base = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .replace(/^(?=\d)/, 'a-');
  if (base === name && name !== '' && name.length <= longest) return name;
  return `${base.slice(0, longest - 7).replace(/-$/, '') || 'a'}-${hash(name)}`;
}

/** The service that bears the app's name is `hcn`; what stands beside it has both names in it. */
export function serviceName(app: string, service: string = app): string {
  return plain(service === app ? app : `${app}/${service}`);
}

/** As the seed has it: `hcn-deployment`. */
export function deploymentName(app: string, service: string = app): string {
  return `${serviceName(app, service)}-deployment`;
}

/** The Service that selects the pods, while the one of the app's own name leads to the edge. */
export function podsName(app: string): string {
  return `${serviceName(app)}-pods`;
}

export function envSecretName(app: string): string {
  return `${serviceName(app)}-env`;
}

export function ingressName(app: string): string {
  return `${serviceName(app)}-ingress`;
}

/** Crons have names of their own, which teams choose to fit: `sync-customers`. */
export function cronName(cron: string): string {
  return plain(cron);
}
