import type { Env } from '../../model/app.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { CustomStep, DeployContext } from '../context.ts';
import { done, type Outcome, type Step } from '../step.ts';
import { environmentOf } from './tests.ts';

const timeoutMs = 10 * 60_000;
const approvalPollMs = 1_000;

/** A step that a workspace adds to the process: a command, a request, or the wait for a person's yes. */
export function customStep(name: string, custom: CustomStep): Step {
  const { undo, env } = 'exec' in custom ? custom : {};
  return {
    name,
    summary: 'A step of this workspace.',
    async run(context) {
      if ('exec' in custom) return await exec(context, name, custom.exec, custom.env);
      if ('http' in custom) return await request(context, name, custom);
      return await approval(context, custom.approve);
    },
    ...(undo ? { undo: async (context) => await undoExec(context, name, undo, env) } : {}),
  };
}

async function exec(
  context: DeployContext,
  name: string,
  command: string,
  own: Env = {},
): Promise<Outcome | Failure> {
  const { host, root, signal, tell } = context;
  const revealed = revealAll(context, own);
  if (isFailure(revealed)) return revealed;
  const onLine = (line: string) => tell({ type: 'log', source: name, line });
  const env = { ...environmentOf(context), ...revealed };
  const exit = await host.processes.run(command, { cwd: root, env, timeoutMs, signal, onLine });
  if (exit.code === 0) return done(command);
  const how = exit.timedOut ? 'took too long' : `ended with ${exit.signal ?? `exit code ${exit.code}`}`;
  return fail('step-failed', `Step ${name} ${how}: ${command}`, { details: exit.tail.join('\n') });
}

async function undoExec(
  context: DeployContext,
  name: string,
  command: string,
  env?: Env,
): Promise<string | Failure> {
  const outcome = await exec(context, name, command, env);
  return isFailure(outcome) ? outcome : outcome.message;
}

function revealAll({ reveal }: DeployContext, env: Env): Record<string, string> | Failure {
  const revealed: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const text = typeof value === 'string' ? value : reveal(value);
    if (isFailure(text)) return text;
    revealed[name] = text;
  }
  return revealed;
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
