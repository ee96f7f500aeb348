import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { CustomStep, DeployContext } from '../context.ts';
import { done, type Outcome, type Step } from '../step.ts';
import { environmentOf } from './tests.ts';

const timeoutMs = 10 * 60_000;
const approvalPollMs = 1_000;

/** A step that a workspace adds to the process: a command, a request, or the wait for a person's yes. */
export function customStep(name: string, custom: CustomStep): Step {
  const undo = 'exec' in custom ? custom.undo : undefined;
  return {
    name,
    summary: 'A step of this workspace.',
    async run(context) {
      if ('exec' in custom) return await exec(context, name, custom.exec);
      if ('http' in custom) return await request(context, name, custom);
      return await approval(context, custom.approve);
    },
    ...(undo ? { undo: async (context) => await undoExec(context, name, undo) } : {}),
  };
}

async function exec(context: DeployContext, name: string, command: string): Promise<Outcome | Failure> {
  const { host, root, signal, tell } = context;
  const onLine = (line: string) => tell({ type: 'log', source: name, line });
  const exit = await host.processes.run(command, {
    cwd: root,
    env: environmentOf(context),
    timeoutMs,
    signal,
    onLine,
  });
  if (exit.code === 0) return done(command);
  const how = exit.timedOut ? 'took too long' : `ended with ${exit.signal ?? `exit code ${exit.code}`}`;
  return fail('step-failed', `Step ${name} ${how}: ${command}`, { details: exit.tail.join('\n') });
}

async function undoExec(context: DeployContext, name: string, command: string): Promise<string | Failure> {
  const outcome = await exec(context, name, command);
  return isFailure(outcome) ? outcome : outcome.message;
}

async function request(
  context: DeployContext,
  name: string,
  { http: url, method, status }: Extract<CustomStep, { http: string }>,
): Promise<Outcome | Failure> {
  const { id, app, version, environment, host, signal } = context;
  const json = method === 'POST' ? { json: { deployment: id, app, version, environment } } : {};
  // The key lets a receiver recognise a request that a resumed deployment sends again.
  const headers = { 'Idempotency-Key': `${id}-${name}` };
  const answer = await host.http.request({ url, method, headers, ...json, signal });
  if (isFailure(answer)) return fail('step-failed', `Step ${name}: ${answer.message}`);
  if (answer.status === status) return done(`${method} ${url}: ${answer.status}`);
  return fail('step-failed', `Step ${name}: ${method} ${url} answered ${answer.status}, not ${status}.`);
}

async function approval(context: DeployContext, question: string): Promise<Outcome | Failure> {
  const { id, store, host, signal, tell } = context;
  tell({ type: 'waiting', why: `${question}: rehome approve ${id}` });
  for (;;) {
    const holder = await store.approval(id);
    if (isFailure(holder)) return holder;
    if (holder !== undefined) return done(`approved by ${holder}`);
    if (signal.aborted) return fail('interrupted', 'Stopped while waiting for approval.');
    await host.clock.sleep(approvalPollMs, signal);
  }
}
