import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { DeployContext, StagedTest } from '../context.ts';
import { isDark } from '../dark.ts';
import { reach } from '../reach.ts';
import { done, type Step, skipped } from '../step.ts';
import { isUnchanged, ranBefore } from './check.ts';

/** Staged tests: before anything changes they guard the old release, after the rollout they judge the new one. */
export const testBefore: Step = testStep(
  'before',
  'Runs the tests that must pass before anything is changed.',
);
export const testAfter: Step = testStep('after', 'Runs the tests that the new version must pass.');

const probeTimeoutMs = 10_000;
/** How long after a rollout instances of the old version may still answer, ms. */
const lingerMs = 3_000;
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

type Probe = Extract<StagedTest, { http: string }>;

async function probe(context: DeployContext, test: Probe): Promise<Failure | undefined> {
  const urls = await urlsOf(context, test);
  if (isFailure(urls)) return fail('test-failed', `Test ${test.name}: ${urls.message}`);
  if (urls.length === 0) {
    return fail('test-failed', `Test ${test.name} asks for ${test.http}, but the environment has no edge.`, {
      hint: 'give the environment an edge, or the test a whole URL',
    });
  }
  for (const url of urls) {
    const failure = await probeForAWhile(context, test, url);
    if (failure) return failure;
  }
  return undefined;
}

/** An instance of the old version that is just ending may answer the first questions about the new one. */
async function probeForAWhile(context: DeployContext, test: Probe, url: string) {
  const { host, step, signal } = context;
  const since = step.name === testAfter.name && step.startedAt ? Date.parse(step.startedAt) : 0;
  for (;;) {
    const failure = await probeAt(context, test, url);
    if (!failure || signal.aborted || host.clock.now() > since + lingerMs) return failure;
    await host.clock.sleep(lingerMs / 20, signal);
  }
}

async function urlsOf(context: DeployContext, { http }: Probe): Promise<readonly string[] | Failure> {
  if (http.startsWith('http')) return [http];
  const bases = await reach(context);
  return isFailure(bases) ? bases : bases.map((base) => base + http);
}

async function probeAt(
  { host, signal }: DeployContext,
  test: Probe,
  url: string,
): Promise<Failure | undefined> {
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
  const url = await ownUrl(context);
  const exit = await host.processes.run(test.command, {
    cwd: root,
    env: { ...environmentOf(context), ...(url ? { APP_URL: url } : {}) },
    timeoutMs: commandTimeoutMs,
    signal,
    onLine: (line) => tell({ type: 'log', source: test.name, line }),
  });
  if (exit.code === 0) return undefined;
  const how = exit.timedOut ? 'took too long' : `ended with ${exit.signal ?? `exit code ${exit.code}`}`;
  return fail('test-failed', `Test ${test.name} ${how}: ${test.command}`, { details: exit.tail.join('\n') });
}

/** A command that judges a dark release asks that one. */
async function ownUrl(context: DeployContext): Promise<string | undefined> {
  const after = context.step.name === testAfter.name;
  if (!isDark(context) || !(after || ranBefore(context))) return undefined;
  const urls = await reach(context);
  return isFailure(urls) ? undefined : urls[0];
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
