import { json, type Reply } from '../../http/message.ts';
import type { Committed } from '../deploy/commit.ts';
import { isRefusal, type Refusal } from '../refusal.ts';

/** `{"deploymentId", "version"}` with the header, or the refusal. */
export function deploymentReply(committed: Committed | Refusal, status = 200): Reply {
  if (isRefusal(committed)) return committed.reply;
  const { deployment, version } = committed;
  return json(status, { deploymentId: deployment.id, version }, { 'Marathon-Deployment-Id': deployment.id });
}

export function flag(query: URLSearchParams, name: string, fallback: boolean): boolean {
  const value = query.get(name);
  return value === null ? fallback : value.toLowerCase() === 'true';
}
