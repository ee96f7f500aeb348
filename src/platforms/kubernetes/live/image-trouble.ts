import type { PodEvent } from './pod-events.ts';
import type { Trouble } from './trouble.ts';

/** https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/kubelet/images/types.go */
const reasons = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

/** Nobody pushes an image while a rollout waits for it. */
const final = new Set(['ErrImageNeverPull', 'InvalidImageName', 'SignatureValidationFailed']);
const finalAnswer =
  /not found|does not exist|manifest unknown|denied|unauthorized|forbidden|authorization failed/i;

/** A registry that does not answer may have hiccups: one attempt is none. */
const mostAttempts = 2;

export function isImageReason(reason: string): boolean {
  return reasons.has(reason);
}

export function imageTrouble(
  { reason, message }: { readonly reason: string; readonly message: string },
  events: readonly PodEvent[],
): Trouble {
  const failed = events.filter(
    (event) => event.reason === 'Failed' && /pull image|inspect image/i.test(event.message),
  );
  const attempts = failed.reduce((sum, { count }) => sum + count, 0);
  const said = reason === 'ImagePullBackOff' ? (failed[0]?.message ?? message) : message;
  const answered = finalAnswer.test(said);
  const faultOf = final.has(reason) || answered ? 'configuration' : 'cluster';
  return {
    faultOf,
    words: `the image cannot be pulled: ${said.trim() || reason}`,
    isFinal: final.has(reason) || answered || attempts >= mostAttempts,
  };
}
