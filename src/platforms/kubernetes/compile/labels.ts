import type { App } from '../../../model/app.ts';
import { hash } from '../../names.ts';
import { plain } from '../names.ts';

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
export const nameLabel = 'app.kubernetes.io/name';
export const managedByLabel = 'app.kubernetes.io/managed-by';
export const componentLabel = 'app.kubernetes.io/component';
export const versionLabel = 'app.kubernetes.io/version';

export type Labels = Readonly<Record<string, string>>;

/** Component of the pods of one-off tasks. */
export const jobComponent = 'job';

/** Component of what leads to the edge in place of pods. */
export const edgeComponent = 'edge';

/** What selects the pods of one service, and nothing else; it can never be changed on a Deployment. */
export function selectorOf(app: string, component: string): Labels {
  return { [nameLabel]: plain(app), [componentLabel]: component };
}

export function labelsOf(app: string, component: string): Labels {
  return { [nameLabel]: plain(app), [managedByLabel]: 'rehome', [componentLabel]: component };
}

/** The same for what is of one version: Deployments, CronJobs, Jobs and all pods. */
export function versionedLabels(app: string, component: string, version: string): Labels {
  return { ...labelsOf(app, component), [versionLabel]: labelValue(version) };
}

const reserved: readonly string[] = [jobComponent, edgeComponent];

export function serviceComponent(service: string): string {
  const name = plain(service);
  return reserved.includes(name) ? plain(`service/${service}`) : name;
}

/** No pod of a cron may be taken for one of a service, so a name that a service has as well is made another. */
export function cronComponent({ services }: Pick<App, 'services'>, cron: string): string {
  const name = plain(cron);
  const isTaken = reserved.includes(name) || services.some((service) => plain(service.name) === name);
  return isTaken ? plain(`cron/${cron}`) : name;
}

const longestValue = 63;

/** A value of a label for any text: letters, digits, `-`, `_` and `.`, at most 63, letters or digits at both ends. */
export function labelValue(text: string): string {
  if (/^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/.test(text)) return text;
  const readable = text.replace(/[^\w.-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return `${readable.slice(0, longestValue - 7)}-${hash(text)}`.replace(/^-/, '');
}
