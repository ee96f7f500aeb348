import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { kubernetesTarget, missing } from './kubernetes.ts';
import { processesOf, survivors } from './processes.ts';
import { openShell } from './shell.ts';
import type { Measured, Stage } from './stage.ts';
import { chapters } from './story.ts';
import { localTarget } from './target.ts';
import { aloud, silent } from './voice.ts';

/**
 * npm run demo [-- --to kubernetes] [--json]: brings up a lab in a temporary folder, lives through what a bank's
 * deployments may meet, and stops everything it started, also on Ctrl-C. `--json` prints one document of what it measured:
 * {requests: {sent, failed, duplicated}, ticks: {expected, missed, doubled}, steps: [{name, ok, seconds}]}.
 * The bank moves to plain processes, or to the Kubernetes that runs on this machine. Ends with 1 when anything did not
 * go as it should, and with 2 when it cannot begin.
 */
const values = read();
const voice = values.json ? silent : aloud;
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());

const bank = resolve(import.meta.dirname, '../../examples/bank');
const folder = mkdtempSync(join(tmpdir(), 'rehome-demo-'));
const shell = openShell(folder, voice, interrupted.signal);
const steps: { name: string; ok: boolean; seconds: number; why?: string }[] = [];
const started = performance.now();

voice.say(
  `rehome: a small bank on this machine, in less than ${values.to === 'kubernetes' ? 'five' : 'three'} minutes. Everything is real: the processes, the`,
  'requests, the failures. Nothing is left behind.',
);
cpSync(bank, folder, { recursive: true, filter: (path) => !/\/(\.rehome|data)$/.test(path) });
const target = values.to === 'kubernetes' ? await kubernetesTarget(folder) : localTarget(folder);
const stage: Stage = { folder, target, shell, voice, measured: emptyMeasures(), pids: new Set() };
for (const [index, chapter] of chapters.entries()) {
  voice.chapter(index + 1, chapter.title);
  if (!(await step(chapter.name, () => chapter.tell(stage)))) break;
}
voice.chapter(steps.length + 1, 'The end of it');
await step('stop', stopEverything);
finish();

function read(): { readonly json: boolean; readonly to: string } {
  const options = {
    json: { type: 'boolean', default: false },
    to: { type: 'string', default: 'local' },
  } as const;
  const { json, to } = parseArgs({ options }).values;
  const why =
    to === 'kubernetes'
      ? missing()
      : to === 'local'
        ? undefined
        : `The demo moves to local or to kubernetes, and not to ${to}.`;
  if (why === undefined) return { json, to };
  console.error(why);
  process.exit(2);
}

async function step(name: string, tell: () => Promise<void>): Promise<boolean> {
  const begun = performance.now();
  const why = await tell().then(
    () => undefined,
    (error: unknown) => (interrupted.signal.aborted ? 'interrupted' : String(error)),
  );
  const seconds = Math.round(performance.now() - begun) / 1000;
  steps.push({ name, ok: why === undefined, seconds, ...(why === undefined ? {} : { why }) });
  voice.end(why === undefined, seconds, why);
  return why === undefined;
}

async function stopEverything(): Promise<void> {
  const traffic = stage.traffic;
  stage.traffic = undefined;
  if (traffic) stage.measured.requests = await traffic.stop();
  for (const pid of processesOf(folder)) stage.pids.add(pid);
  voice.say('Down with the lab, the services in it and the edge in front of them.');
  await shell.run('rehome lab down', { anyway: true });
  await target.close();
  const left = await survivors([...stage.pids, ...processesOf(folder)], 10_000);
  for (const pid of left) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  if (left.length > 0) throw new Error(`these processes had to be killed: ${left.join(', ')}`);
  voice.say(`All ${stage.pids.size} processes that this demo started are gone, and so is ${folder}.`);
}

function finish(): void {
  const { requests, ticks } = stage.measured;
  const ok = steps.every((each) => each.ok);
  process.exitCode = interrupted.signal.aborted ? 130 : ok ? 0 : 1;
  if (values.json) {
    console.log(JSON.stringify({ requests, ticks, steps }));
    return;
  }
  const seconds = Math.round((performance.now() - started) / 1000);
  const verdict = interrupted.signal.aborted
    ? 'Stopped on request; nothing is left running'
    : `${ok ? 'Everything' : 'Not everything'} went as it should`;
  console.log(`\n   ${verdict}, after ${seconds} s.\n`);
  if (!ok) return;
  console.log('   Where to look next:');
  console.log('     examples/bank          the workspace that you just saw: rehome.yaml and seven manifests');
  console.log('     docs/first-deploy.md   from an empty folder to a service that runs');
  console.log(
    '     docs/move.md           from one home to another, and back\n     docs/when-a-deploy-fails.md   rollback, resume, cancel, locks',
  );
  console.log('     bin/rehome help        every command, with examples');
}

function emptyMeasures(): Measured {
  return { requests: { sent: 0, failed: 0, duplicated: 0 }, ticks: { expected: 0, missed: 0, doubled: 0 } };
}
