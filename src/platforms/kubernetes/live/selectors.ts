import { componentLabel, managedByLabel, nameLabel, serviceComponent } from '../compile/labels.ts';
import { plain } from '../names.ts';

/** Everything that rehome has written. */
export const ours = `${managedByLabel}=rehome`;

/** What is told in an event of whom: the app's name as Kubernetes takes it. */
export const subject = plain;

/** Everything of an app. */
export function ofApp(app: string): string {
  return `${nameLabel}=${plain(app)}`;
}

/** All pods of an app's services, and none of its crons and tasks. */
export function ofServices(app: string, services: readonly string[]): string {
  const components = services.map(serviceComponent).join(',');
  return `${ofApp(app)},${componentLabel} in (${components})`;
}
