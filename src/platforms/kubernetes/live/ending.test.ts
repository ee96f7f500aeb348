import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endedWords } from './ending.ts';
import type { Ended } from './pod.ts';

const ended = (part: Partial<Ended>): Ended => ({
  exitCode: 1,
  signal: 0,
  reason: 'Error',
  message: '',
  startedAt: 0,
  finishedAt: 0,
  ...part,
});

const endings: readonly (readonly [Partial<Ended>, string])[] = [
  [{ exitCode: 3 }, 'exit code 3'],
  [{ exitCode: 139 }, 'exit code 139 (SIGSEGV)'],
  [{ exitCode: 255 }, 'exit code 255'],
  [{ exitCode: 0, reason: 'Completed' }, 'exit code 0, where it was to stay'],
  [{ exitCode: 137, reason: 'OOMKilled' }, 'killed for taking more memory than 64Mi (OOMKilled)'],
  [
    {
      exitCode: 128,
      reason: 'StartError',
      message:
        'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/bin/zsh": stat /bin/zsh: no such file or directory: unknown',
    },
    'it cannot be started: exec: "/bin/zsh": stat /bin/zsh: no such file or directory: unknown',
  ],
];

for (const [part, words] of endings) {
  test(`a container's end: ${words}`, () => assert.equal(endedWords(ended(part), '64Mi'), words));
}
