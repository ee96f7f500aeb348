import { isFailure } from '../../model/failure.ts';
import type { Edge, EdgeContext } from '../edge.ts';
import { askEdge, type EdgeRequest } from './client.ts';
import { type FrontBody, parse, sharesSchema, statsSchema } from './protocol.ts';

/** An edge whose fronts are in the daemon of the workspace, which is told over HTTP. */
export function edgeOfDaemon(
  { host, environment, folder }: EdgeContext,
  more: Partial<Pick<FrontBody, 'also' | 'cohortCookie' | 'edge' | 'settings'>>,
): Edge {
  const ask = (app: string, rest: Partial<EdgeRequest> & { under?: string }) => {
    const { under = '', method = 'GET', ...request } = rest;
    const path = `/fronts/${encodeURIComponent(environment)}/${encodeURIComponent(app)}${under}`;
    return askEdge(host, folder, { ...request, method, path });
  };
  const tell = async (app: string, rest: Parameters<typeof ask>[1]) => {
    const answer = await ask(app, rest);
    return isFailure(answer) ? answer : undefined;
  };
  return {
    reconcile: ({ app, ...front }, signal) =>
      tell(app, { method: 'PUT', json: { ...front, ...more }, ...withSignal(signal) }),
    setShare: (app, shares, signal) =>
      tell(app, { method: 'PUT', under: '/shares', json: shares, ...withSignal(signal) }),
    async getShare(app, signal) {
      const answer = await ask(app, { under: '/shares', ...withSignal(signal) });
      if (isFailure(answer)) return answer.code === 'no-front' ? undefined : answer;
      return parse(sharesSchema, answer, 'its own shares');
    },
    verifyShare: (app, shares, signal) =>
      tell(app, { method: 'PUT', under: '/verify', json: shares, ...withSignal(signal) }),
    drain: (app, backend, atMostMs, signal) =>
      tell(app, {
        method: 'PUT',
        under: '/drain',
        json: { backend: { id: backend.id, host: backend.host, port: backend.port }, atMostMs },
        timeoutMs: atMostMs + 10_000,
        ...withSignal(signal),
      }),
    async stats(app, signal) {
      const answer = await ask(app, { under: '/stats', ...withSignal(signal) });
      return isFailure(answer) ? answer : parse(statsSchema, answer, 'its own figures');
    },
    remove: (app, signal) => tell(app, { method: 'DELETE', ...withSignal(signal) }),
  };
}

function withSignal(signal: AbortSignal | undefined) {
  return signal ? { signal } : {};
}
