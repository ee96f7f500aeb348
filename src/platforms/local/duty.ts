import { type Failure, isFailure } from '../../model/failure.ts';
import { cronKind } from './names.ts';
import { observe } from './observe.ts';
import type { Supervisor } from './supervisor.ts';

/** See `Home.setDuty`. Arming never makes up for a tick that was missed. */
export async function setDuty(
  supervisor: Supervisor,
  app: string,
  duty: 'armed' | 'disarmed',
  signal?: AbortSignal,
): Promise<undefined | Failure> {
  const objects = await observe(supervisor, { app }, signal);
  if (isFailure(objects)) return objects;
  const armed = duty === 'armed';
  for (const { id, body } of objects.filter(({ kind }) => kind === cronKind)) {
    const failure = body['armed'] === armed ? undefined : await supervisor.arm(id, armed, signal);
    if (failure) return failure;
  }
  return undefined;
}
