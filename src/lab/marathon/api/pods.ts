import type { Reply, Request } from '../../http/message.ts';
import { canonical } from '../app/normalise.ts';
import { notValid, refuse, violation } from '../refusal.ts';

/** The lab runs no pods, and says so. */
export function refusePods(): Reply {
  return notValid([violation('/', 'pods are not supported by the embedded Marathon')]).reply;
}

export function showPod(request: Request): Reply {
  return refuse(404, `Pod '${canonical(request.params['id'] ?? '')}' does not exist`).reply;
}
