import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job } from '../../../model/app.ts';
import { fail, isFailure } from '../../../model/failure.ts';
import type { JobRun } from '../../platform.ts';
import { oneOffJob } from './one-off-job.ts';

const job: Job = {
  kind: 'Job',
  name: 'migrate',
  purpose: 'migrate',
  image: 'anna-repo/hcn:1.0.0',
  command: 'python migrate.py $(pwd)',
  env: {
    PLAIN: 'a',
    TOKEN: { kind: 'Secret', ref: 'env:TOKEN' },
    SHARED: { kind: 'Secret', ref: 'kubernetes:shared/token' },
  },
  resources: { cpus: 0.5, memory: 512, cpuLimit: 'hard' },
  timeoutMs: 1_500,
};

const run: JobRun = {
  id: 'hcn-migrate-1.0.0-D7f3a2',
  app: 'hcn',
  release: { app: 'hcn', version: '1.0.0', deployment: 'd7', fingerprint: 'f' },
  reveal: ({ ref }) => (ref === 'env:TOKEN' ? 's3cret' : fail('missing-secret', `${ref} leads nowhere.`)),
};

test('the same run is the same Job, with its secrets in a Secret of its own', () => {
  const made = oneOffJob(job, run, { podSecurity: 'restricted' });
  assert(!isFailure(made));
  assert.deepEqual(oneOffJob(structuredClone(job), run, { podSecurity: 'restricted' }), made);
  assert.match(made.name, /^hcn-migrate-1-0-0-d7f3a2-[a-z2-7]{6}$/);
  assert(!JSON.stringify(made.job).includes('s3cret'));
  const labels = {
    'app.kubernetes.io/name': 'hcn',
    'app.kubernetes.io/managed-by': 'rehome',
    'app.kubernetes.io/component': 'job',
    'app.kubernetes.io/version': '1.0.0',
  };
  const annotations = {
    'rehome/once': 'migrate',
    'rehome/run': run.id,
    'rehome/app': 'hcn',
    'rehome/version': '1.0.0',
    'rehome/deployment': 'd7',
    'rehome/fingerprint': 'f',
    'rehome/secrets': '{"TOKEN":"env:TOKEN","SHARED":"kubernetes:shared/token"}',
  };
  const amounts = { cpu: '500m', memory: '512Mi' };
  assert.deepEqual(made.job, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: made.name, labels, annotations },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: 2,
      ttlSecondsAfterFinished: 604_800,
      template: {
        metadata: { labels },
        spec: {
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          enableServiceLinks: false,
          automountServiceAccountToken: false,
          restartPolicy: 'Never',
          containers: [
            {
              name: 'job',
              image: 'anna-repo/hcn:1.0.0',
              command: ['/bin/sh'],
              args: ['-c', 'python migrate.py $$(pwd)'],
              env: [
                { name: 'PLAIN', value: 'a' },
                { name: 'SHARED', valueFrom: { secretKeyRef: { name: 'shared', key: 'token' } } },
                { name: 'TOKEN', valueFrom: { secretKeyRef: { name: `${made.name}-env`, key: 'TOKEN' } } },
              ],
              resources: { requests: amounts, limits: amounts },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
              terminationMessagePolicy: 'FallbackToLogsOnError',
            },
          ],
        },
      },
    },
  });
  assert.deepEqual(made.secret, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `${made.name}-env`, labels, annotations },
    type: 'Opaque',
    immutable: true,
    stringData: { TOKEN: 's3cret' },
  });
});

test('without secrets there is no Secret, and a lost one is told before anything runs', () => {
  const plain = oneOffJob({ ...job, env: { PLAIN: 'a' } }, run, {});
  assert(!isFailure(plain) && plain.secret === undefined);
  const lost = oneOffJob({ ...job, env: { X: { kind: 'Secret', ref: 'env:X' } } }, run, {});
  assert(isFailure(lost) && lost.code === 'missing-secret');
  assert.equal(lost.message, 'X: env:X leads nowhere.');
});
