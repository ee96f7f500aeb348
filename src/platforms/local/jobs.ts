import type { Job } from '../../model/app.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import { type Json, list, number, parseJson, record, text } from '../json.ts';
import { stampLabels } from '../labels.ts';
import type { JobResult, JobRun } from '../platform.ts';
import { secretRefs, stampsOf } from '../remarks.ts';
import { revealed } from '../reveal.ts';
import { plain } from './names.ts';
import type { Supervisor } from './supervisor.ts';

/** Longest wait of one request, ms; an abort ends it at once. */
const waitMs = 20_000;

/** See `Home.runJob`. To the supervisor the same id is the same run for ever, so a PUT can always be repeated. */
export async function runJob(supervisor: Supervisor, job: Job, run: JobRun): Promise<JobResult | Failure> {
  const id = plain(run.id);
  const begun = await begin(supervisor, id, job, run);
  if (isFailure(begun)) return begun;
  const lines = followLines(supervisor, id, run);
  for (;;) {
    const live = await supervisor.get('jobs', id, { query: `?wait=${waitMs}`, signal: run.signal });
    const over = isFailure(live) || live?.['state'] !== 'running';
    if (!over) continue;
    await lines.finish(!isFailure(live));
    if (run.signal?.aborted) return fail('interrupted', `Stopped waiting for the task ${id}; it goes on.`);
    return live === undefined || isFailure(live) ? (live ?? lost(id)) : resultOf(live, job);
  }
}

async function begin(supervisor: Supervisor, id: string, job: Job, run: JobRun): Promise<Json | Failure> {
  const refs = secretRefs(job.env);
  const body = revealed({ body: { env: job.env } }, run.reveal);
  if (isFailure(body)) return body;
  const input = {
    image: job.image,
    ...(job.command === undefined ? {} : { command: job.command }),
    ...body,
    resources: job.resources,
    timeoutMs: job.timeoutMs,
    labels: stampLabels(stampsOf(run.release, { once: job.purpose }, refs)),
  };
  return await supervisor.put('jobs', id, input, run.signal);
}

/** Hands lines on while they come; at the end those that the stream had no time to bring. */
function followLines(supervisor: Supervisor, id: string, { onLine, signal }: JobRun) {
  const leave = new AbortController();
  const seen = { stdout: 0, stderr: 0 };
  const take = (line: Json) => {
    seen[line['stream'] === 'stderr' ? 'stderr' : 'stdout']++;
    onLine?.(text(line['line']) ?? '');
  };
  const path = '/logs?tail=10000';

  async function follow(): Promise<void> {
    const both = signal ? AbortSignal.any([signal, leave.signal]) : leave.signal;
    const stream = `${supervisor.path('jobs', id)}${path}&follow=true`;
    for await (const event of supervisor.api.events(stream, { signal: both })) {
      if (!isFailure(event) && event.event === 'line') take(record(parseJson(event.data)));
    }
  }
  const following = onLine ? follow() : Promise.resolve();

  async function finish(isEnded: boolean): Promise<void> {
    leave.abort();
    await following;
    const whole = onLine && isEnded ? await supervisor.get('jobs', id, { query: path, signal }) : undefined;
    if (whole === undefined || isFailure(whole)) return;
    for (const stream of ['stdout', 'stderr'] as const) {
      const lines = list(whole['lines']).filter((line) => line['stream'] === stream);
      for (const line of lines.slice(seen[stream])) take(line);
    }
  }
  return { finish };
}

function resultOf(live: Json, { timeoutMs }: Job): JobResult {
  const exitCode = number(live['exitCode']);
  const log = Array.isArray(live['log']) ? live['log'].map(String) : [];
  const ok = live['state'] === 'finished';
  return { ok, ...(exitCode === undefined ? {} : { exitCode }), why: whyOf(live, exitCode, timeoutMs), log };
}

function whyOf(live: Json, exitCode: number | undefined, timeoutMs: number): string {
  if (live['state'] === 'finished') return 'done';
  if (live['timedOut'] === true) return `it was ended after ${timeoutMs / 1000} s, which is all it may take`;
  if (exitCode !== undefined) return `exit code ${exitCode}`;
  return text(live['message']) || `it was ${text(live['state'])}`;
}

function lost(id: string): Failure {
  return fail('refused', `The supervisor does not know the task ${id} any more; somebody removed it.`);
}
