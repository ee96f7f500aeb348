import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podOf } from './pod.ts';
import type { PodEvent } from './pod-events.ts';
import { refusalTrouble } from './refusal.ts';
import { told, troubleOf } from './trouble.ts';

const spec = {
  containers: [
    { name: 'hcn', resources: { requests: { cpu: '1k', memory: '64Mi' }, limits: { memory: '64Mi' } } },
  ],
};
const startedAt = '2026-01-01T10:00:10Z';

function pod(status: object) {
  return podOf({ metadata: { name: 'hcn-1', uid: 'u1' }, spec, status: { phase: 'Pending', ...status } });
}

function waiting(reason: string, message = '') {
  return pod({
    containerStatuses: [{ name: 'hcn', restartCount: 0, state: { waiting: { reason, message } } }],
  });
}

function event(reason: string, message: string, more: Partial<PodEvent> = {}): PodEvent {
  return { reason, message, isWarning: true, count: 1, at: Date.parse(startedAt) + 1_000, ...more };
}

function words(found: ReturnType<typeof troubleOf>): string | undefined {
  return found && `${told(found)}${found.isFinal ? ' (final)' : ''}`;
}

test('no node takes a pod: what it asks for, and what is short', () => {
  const message =
    '0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.';
  const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }];
  assert.equal(
    words(troubleOf(pod({ conditions }), [])),
    'fault of the cluster: no node takes pod hcn-1, which asks for 1k cpu, 64Mi memory: 0/1 nodes are available: 1 Insufficient cpu.',
  );
});

test('an image that is not there ends it at once; a registry that does not answer has a second chance', () => {
  const missing =
    'rpc error: code = NotFound desc = failed to resolve reference "docker.io/a/b:9": not found';
  assert.equal(
    words(troubleOf(waiting('ErrImagePull', missing), [])),
    `fault of the configuration: the image cannot be pulled: ${missing} (final)`,
  );
  const silent = 'failed to do request: Head "https://r/v2/": dial tcp: lookup r: no such host';
  const said = `Failed to pull image "r/b:9": ${silent}`;
  assert.equal(
    words(troubleOf(waiting('ErrImagePull', silent), [event('Failed', said)])),
    `fault of the cluster: the image cannot be pulled: ${silent}`,
  );
  assert.equal(
    words(troubleOf(waiting('ImagePullBackOff', 'Back-off'), [event('Failed', said, { count: 2 })])),
    `fault of the cluster: the image cannot be pulled: ${said} (final)`,
  );
  for (const reason of ['ErrImageNeverPull', 'InvalidImageName'])
    assert.match(words(troubleOf(waiting(reason, 'why'), [])) ?? '', /configuration: .*why \(final\)$/);
});

test('a container that cannot be made, or only after a volume', () => {
  assert.equal(
    words(
      troubleOf(waiting('CreateContainerConfigError', "couldn't find key TOKEN in Secret test1/hcn-env"), []),
    ),
    "fault of the configuration: container hcn cannot be made: couldn't find key TOKEN in Secret test1/hcn-env",
  );
  const mount = 'MountVolume.SetUp failed for volume "x" : secret "nope" not found';
  assert.equal(
    words(troubleOf(waiting('ContainerCreating'), [event('FailedMount', mount)])),
    'fault of the configuration: a volume cannot be mounted: secret "nope" not found',
  );
  assert.equal(
    words(troubleOf(waiting('ContainerCreating'), [event('FailedAttachVolume', 'disk is in use')])),
    'fault of the cluster: a volume cannot be mounted: disk is in use',
  );
  assert.equal(
    troubleOf(waiting('ContainerCreating'), [event('Pulling', 'Pulling image', { isWarning: false })]),
    undefined,
  );
});

test('a probe answers in events; one that answered before the container began is of another', () => {
  const running = pod({
    phase: 'Running',
    containerStatuses: [{ name: 'hcn', restartCount: 0, ready: false, state: { running: { startedAt } } }],
  });
  const unhealthy = event('Unhealthy', 'Readiness probe failed: HTTP probe failed with statusCode: 500');
  assert.equal(
    words(troubleOf(running, [unhealthy])),
    'fault of the app: readiness probe failed: HTTP probe failed with statusCode: 500',
  );
  assert.equal(troubleOf(running, [{ ...unhealthy, at: 0 }]), undefined);
});

test('a pod that was taken away is no fault of what runs in it', () => {
  const conditions = [
    {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'EvictionByEvictionAPI',
      message: 'Eviction API: evicting',
    },
  ];
  assert.equal(
    words(troubleOf(pod({ conditions }), [])),
    'fault of the cluster: pod hcn-1 was taken away: Eviction API: evicting',
  );
  const evicted = pod({
    phase: 'Failed',
    reason: 'Evicted',
    message: 'The node was low on resource: memory. ',
  });
  assert.equal(
    words(troubleOf(evicted, [])),
    'fault of the cluster: pod hcn-1 was ended (Evicted): The node was low on resource: memory.',
  );
});

test('the API takes no pod: security, quota, anything else', () => {
  const security =
    'pods "hcn-1" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "hcn" must set securityContext.allowPrivilegeEscalation=false)';
  const restricted = refusalTrouble(security);
  assert.equal(restricted.isFinal, true);
  assert.match(
    told(restricted),
    /^fault of the configuration: .*allowPrivilegeEscalation.*podSecurity: restricted/,
  );
  const quota = refusalTrouble(
    'pods "hcn-1" is forbidden: exceeded quota: small, requested: cpu=1, used: cpu=0, limited: cpu=500m',
  );
  assert.equal(
    told(quota),
    'fault of the cluster: the quota of the namespace is used up: exceeded quota: small, requested: cpu=1, used: cpu=0, limited: cpu=500m',
  );
  assert.equal(
    told(refusalTrouble('admission webhook "policy.example.com" denied the request: no latest')),
    'fault of the cluster: the cluster takes no pod of it: admission webhook "policy.example.com" denied the request: no latest',
  );
});
