import { type Failure, isFailure } from '../model/failure.ts';
import type { Finding } from './operations.ts';
import type { Wired } from './wired.ts';

/** Looks at everything a deployment needs on this machine and at every home. */
export async function doctor(wired: Wired): Promise<readonly Finding[]> {
  const { workspace } = wired;
  const findings: Finding[] = [
    { ok: true, subject: 'node', message: process.version },
    {
      ok: true,
      subject: 'workspace',
      message: `${workspace.root}: ${appsText(Object.keys(workspace.manifests).length)}`,
    },
    await state(wired),
  ];
  for (const environment of Object.values(workspace.environments)) {
    const edge = await wired.lookAtEdge(environment);
    if (edge !== undefined) findings.push(findingOf(`edge ${environment.name}`, edge));
    for (const config of environment.homes) {
      const subject = `home ${environment.name}.${config.name}`;
      const connected = await wired.connect(environment, config);
      const seen = isFailure(connected) ? connected : await connected.home.inventory();
      const found = isFailure(seen) ? seen : `${config.platform}, ${appsText(seen.length)}`;
      findings.push(findingOf(subject, found));
    }
  }
  return findings;
}

function findingOf(subject: string, found: string | Failure): Finding {
  if (!isFailure(found)) return { ok: true, subject, message: found };
  return { ok: false, subject, message: found.message, ...(found.hint ? { hint: found.hint } : {}) };
}

function appsText(count: number): string {
  return count === 1 ? '1 app' : `${count} apps`;
}

async function state({ store }: Wired): Promise<Finding> {
  const locks = await store.locks();
  if (isFailure(locks))
    return {
      ok: false,
      subject: 'state',
      message: locks.message,
      ...(locks.hint ? { hint: locks.hint } : {}),
    };
  const stale = locks.filter(({ alive }) => alive === false);
  if (stale.length === 0)
    return {
      ok: true,
      subject: 'state',
      message: locks.length === 1 ? '1 lock held' : `${locks.length} locks held`,
    };
  const { app, environment, deployment } = stale[0] ?? { app: '', environment: '', deployment: '' };
  return {
    ok: false,
    subject: 'state',
    message: `interrupted deployments: ${stale.length}, the first of ${app} in ${environment}`,
    hint: `rehome resume ${deployment}, or rehome worker --once for all`,
  };
}
