import type { Deployment, DeploymentEvent, StepRecord } from '../../model/deployment.ts';

const noon = Date.parse('2026-11-23T12:00:00Z');

/** ISO time so many seconds after the tests' noon. */
export function at(seconds: number): string {
  return new Date(noon + seconds * 1000).toISOString();
}

/** A deployment of hcn to test1 that began at noon. */
export function deployment(more: Partial<Deployment> = {}): Deployment {
  return {
    deployment: 'd-7f3a',
    action: 'deploy',
    app: 'hcn',
    version: '1.0.0',
    environment: 'test1',
    homes: ['mesos'],
    status: 'running',
    startedAt: at(0),
    holder: 'ann@laptop',
    attended: true,
    steps: ['lock', 'check', 'migrate', 'rollout', 'crons'].map((name) => ({
      name,
      status: 'pending',
      attempts: 0,
    })),
    ...more,
  };
}

/** One that is over, 12 s after noon. */
export function ended(status: Deployment['status'], more: Partial<Deployment> = {}): Deployment {
  const over = status === 'running' ? {} : { finishedAt: at(12) };
  return deployment({ status, attended: false, ...over, steps: [step('rollout', 'done', 1, 12)], ...more });
}

export function step(
  name: string,
  status: StepRecord['status'],
  from?: number,
  to?: number,
  more: Partial<StepRecord> = {},
): StepRecord {
  return {
    name,
    status,
    attempts: status === 'pending' ? 0 : 1,
    ...(from === undefined ? {} : { startedAt: at(from) }),
    ...(to === undefined ? {} : { finishedAt: at(to) }),
    ...more,
  };
}

/** What a watcher is told of a deployment that goes well, with the second at which it is told. */
export function goodStory(id = 'd-7f3a', app = 'hcn'): readonly (readonly [number, DeploymentEvent])[] {
  const about = (seconds: number) => ({ at: at(seconds), deployment: id, app });
  const told = (seconds: number, record: StepRecord) =>
    [seconds, { type: 'step', ...about(seconds), step: record }] as const;
  const instances = (seconds: number, running: number, healthy: number, why?: string) =>
    [
      seconds,
      {
        type: 'instances',
        ...about(seconds),
        home: 'mesos',
        wanted: 4,
        running,
        healthy,
        ...(why ? { why } : {}),
      },
    ] as const;
  const begun = deployment({ deployment: id, app });
  return [
    [0, { type: 'deployment', at: at(0), deployment: begun }],
    told(0, step('lock', 'running', 0)),
    told(0, step('lock', 'done', 0, 0, { message: 'taken' })),
    told(0, step('check', 'running', 0)),
    told(1, step('check', 'done', 0, 1, { message: '4 rules, nothing found' })),
    told(1, step('migrate', 'running', 1)),
    [1, { type: 'log', ...about(1), source: 'migrate', line: 'adding column balance' }],
    told(2, step('migrate', 'done', 1, 2, { message: 'schema 1.0.0 after 1 s' })),
    told(2, step('rollout', 'running', 2)),
    instances(2, 1, 0, '0 of 4 healthy'),
    instances(4, 3, 2, 'health check /health answers 500'),
    instances(4, 3, 2, 'health check /health answers 500'),
    instances(11, 4, 4),
    told(11, step('rollout', 'done', 2, 11, { message: '4 of 4 healthy' })),
    told(11, step('crons', 'skipped', 11, 11, { message: 'no crons' })),
    [12, { type: 'deployment', at: at(12), deployment: { ...finished(begun), app } }],
  ];
}

function finished(begun: Deployment): Deployment {
  return {
    ...begun,
    status: 'done',
    attended: false,
    finishedAt: at(12),
    steps: [
      step('lock', 'done', 0, 0, { message: 'taken' }),
      step('check', 'done', 0, 1, { message: '4 rules, nothing found' }),
      step('migrate', 'done', 1, 2, { message: 'schema 1.0.0 after 1 s' }),
      step('rollout', 'done', 2, 11, { message: '4 of 4 healthy' }),
      step('crons', 'skipped', 11, 11, { message: 'no crons' }),
    ],
  };
}
