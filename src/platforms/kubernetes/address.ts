import { serviceName } from './names.ts';

/** What apps of this home call an app of the environment by: its Service, which knows where it lives. */
export function addressOf(app: string): string {
  return `http://${serviceName(app)}`;
}
