import type { Application } from '../manifest/schema/application.ts';
import type { Conventions } from '../manifest/workspace.ts';
import type { Env, Workload } from '../model/app.ts';
import { fillPlaceholders, type Placeholders } from '../model/placeholders.ts';

/** What the service, the jobs and the crons of an app have in common. */
export type Common = Omit<Workload, 'name'>;

export function workloadOf(
  conventions: Conventions,
  application: Application,
  env: Env,
  fill: Placeholders,
): Common {
  const convention = conventions.command && fillPlaceholders(conventions.command, fill);
  // A command of the manifest is handed on as it stands.
  const command = application.command ?? convention;
  return {
    image: application.image ?? fillPlaceholders(conventions.image, fill),
    env,
    resources: {
      cpus: application.cpu ?? conventions.cpu,
      memory: application.mem ?? conventions.mem,
      cpuLimit: application.limits ?? conventions.limits,
    },
    ...(command === undefined ? {} : { command }),
  };
}
