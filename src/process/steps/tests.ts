import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { DeployContext, StagedTest } from '../context.ts';
import { done, type Step, skipped } from '../step.ts';
import { isUnchanged, ranBefore } from './check.ts';

/** Staged tests: before anything changes they guard the old release, after the rollout they judge the new one. */
export const testBefore: Step = testStep(
  'before',
  'Runs the tests that must pass before anything is changed.',
);
export const testAfter: Step = testStep('after', 'Runs the tests that the new version must pass.');

const probeTimeoutMs = 10_000;
const commandTimeoutMs = 10 * 60_000;

function testStep(stage: 'before' | 'after', summary: string): Step {
  return {
    name: `test:${stage}`,
    summary,
    async run(context) {
      if (isUnchanged(context)) return skipped('nothing changed');
      const tests = due(context, stage);
      if (tests.length === 0) return skipped('no tests');
      for (const test of tests) {
        const failure = await runTest(context, test);
        if (failure) return failure;
      }
      return done(`${tests.length} passed: ${tests.map(({ name }) => name).join(', ')}`);
    },
  };
}

/** Before the first deployment there is nothing that a probe of the app could find. */
function due(context: DeployContext, stage: 'before' | 'after'): readonly StagedTest[] {
  const tests = context.options.tests[stage];
  if (stage === 'after' || ranBefore(context)) return tests;
  return tests.filter((test) => !('http' in test) || test.http.startsWith('http'));
}

async function runTest(context: DeployContext, test: StagedTest): Promise<Failure | undefined> {
  if ('http' in test) return await probe(context, test);
  if ('command' in test) return await command(context, test);
  return await task(context, test);
}

async function probe(
  { front, host, signal }: DeployContext,
  test: Extract<StagedTest, { http: string }>,
): Promise<Failure | undefined> {
  const base = front && `http://${front.address.host}:${front.address.port}`;
  const url = test.http.startsWith('http') ? test.http : base && base + test.http;
  if (!url) {
    return fail('test-failed', `Test ${test.name} asks for ${test.http}, but the environment has no edge.`, {
      hint: 'give the environment an edge, or the test a whole URL',
    });
  }
  const answer = await host.http.request({ url, timeoutMs: probeTimeoutMs, signal });
  if (isFailure(answer)) return fail('test-failed', `Test ${test.name}: ${answer.message}`);
  if (answer.status !== test.status) {
    return fail(
      'test-failed',
      `Test ${test.name}: GET ${url} answered ${answer.status}, not ${test.status}.`,
      {
        found: String(answer.status),
        expected: String(test.status),
        details: answer.body.slice(0, 500),
      },
    );
  }
  if (test.contains !== undefined && !answer.body.includes(test.contains)) {
    return fail(
      'test-failed',
      `Test ${test.name}: the answer of ${url} does not contain "${test.contains}".`,
      {
        expected: test.contains,
        details: answer.body.slice(0, 500),
      },
    );
  }
  return undefined;
}

async function command(
  context: DeployContext,
  test: Extract<StagedTest, { command: string }>,
): Promise<Failure | undefined> {
  const { host, root, signal, tell } = context;
  const exit = await host.processes.run(test.command, {
    cwd: root,
    env: environmentOf(context),
    timeoutMs: commandTimeoutMs,
    signal,
    onLine: (line) => tell({ type: 'log', source: test.name, line }),
  });
  if (exit.code === 0) return undefined;
  const how = exit.timedOut ? 'took too long' : `ended with ${exit.signal ?? `exit code ${exit.code}`}`;
  return fail('test-failed', `Test ${test.name} ${how}: ${test.command}`, { details: exit.tail.join('\n') });
}

async function task(
  context: DeployContext,
  test: Extract<StagedTest, { task: string }>,
): Promise<Failure | undefined> {
  const home = context.homes.find(({ residency }) => residency.duty) ?? context.homes[0];
  const service = home?.app.services[0];
  if (!home || !service) return fail('test-failed', `Test ${test.name} needs a service to run beside.`);
  const { image, env, resources } = service;
  const job = {
    kind: 'Job',
    purpose: 'task',
    name: test.name,
    command: test.task,
    image,
    env,
    resources,
  } as const;
  const result = await home.home.runJob(
    { ...job, timeoutMs: commandTimeoutMs },
    {
      id: `${context.app}-${context.step.name.replace(':', '-')}-${slug(test.name)}-${context.id}`,
      app: context.app,
      release: home.release,
      reveal: context.reveal,
      signal: context.signal,
      onLine: (line) => context.tell({ type: 'log', source: test.name, line }),
    },
  );
  if (isFailure(result)) return result;
  if (result.ok) return undefined;
  return fail('test-failed', `Test ${test.name} failed: ${result.why}.`, { details: result.log.join('\n') });
}

/** What a command of the operator's machine may want to know. */
export function environmentOf({
  app,
  version,
  environment,
  id,
  front,
}: DeployContext): Record<string, string> {
  return {
    REHOME_APP: app,
    REHOME_VERSION: version,
    REHOME_ENVIRONMENT: environment,
    REHOME_DEPLOYMENT: id,
    ...(front ? { APP_URL: `http://${front.address.host}:${front.address.port}` } : {}),
  };
}

function slug(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
