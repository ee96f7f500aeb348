import { z } from 'zod';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Edge, EdgeContext, EdgeType, Shares } from '../edge.ts';
import { askEdge, type EdgeRequest } from './client.ts';
import { edgeUp } from './control.ts';
import { edgeBlock } from './discovery.ts';
import { listenAddress, parse, sharesSchema, statsSchema } from './protocol.ts';

const settings = z.strictObject({
  cohort_cookie: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Callers with this cookie stay with one home while shares change, by its value.'),
  listen: z
    .array(listenAddress)
    .max(16)
    .optional()
    .describe(
      'Addresses of this machine that it listens on beside 127.0.0.1, such as that of the bridge where pods reach this machine.',
    ),
});
type Settings = z.infer<typeof settings>;

/** Where every front is, and addresses are chosen for. */
const loopback = '127.0.0.1';

/** The edge that rehome brings: a proxy on loopback, one process per workspace, told over HTTP. */
export const embedded: EdgeType<Settings> = {
  name: 'embedded',
  settings,
  capabilities: { follows: true },
  connect,
  addresses: ({ host, root }) => edgeBlock(host, root),
  async up(machine) {
    const status = await edgeUp(machine);
    return isFailure(status) ? status : undefined;
  },
};

function connect({ cohort_cookie: cohortCookie, listen = [] }: Settings, context: EdgeContext): Edge {
  const { host, environment, folder } = context;
  const also = [...new Set(listen)].filter((address) => address !== loopback);
  const ask = (app: string, rest: Partial<EdgeRequest> & { under?: string }) => {
    const { under = '', method = 'GET', ...request } = rest;
    const path = `/fronts/${encodeURIComponent(environment)}/${encodeURIComponent(app)}${under}`;
    return askEdge(host, folder, { ...request, method, path });
  };
  const tell = async (app: string, rest: Parameters<typeof ask>[1]) => {
    const answer = await ask(app, rest);
    return isFailure(answer) ? answer : undefined;
  };
  const getShare: Edge['getShare'] = async (app, signal) => {
    const answer = await ask(app, { under: '/shares', ...withSignal(signal) });
    if (isFailure(answer)) return answer.code === 'no-front' ? undefined : answer;
    return parse(sharesSchema, answer, 'its own shares');
  };
  return {
    reconcile: ({ app, ...front }, signal) =>
      tell(app, {
        method: 'PUT',
        json: { ...front, ...(cohortCookie && { cohortCookie }), ...(also.length > 0 && { also }) },
        ...withSignal(signal),
      }),
    setShare: (app, shares, signal) =>
      tell(app, { method: 'PUT', under: '/shares', json: shares, ...withSignal(signal) }),
    getShare,
    async verifyShare(app, shares, signal) {
      const inForce = await getShare(app, signal);
      if (isFailure(inForce)) return inForce;
      return inForce ? compare(app, inForce, shares) : fail('no-front', `The edge has no front for ${app}.`);
    },
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

function compare(app: string, inForce: Shares, wanted: Shares): Failure | undefined {
  const homes = [...new Set([...Object.keys(inForce), ...Object.keys(wanted)])].sort();
  const differs = homes.some((home) => Math.abs((inForce[home] ?? 0) - (wanted[home] ?? 0)) > 1e-6);
  if (!differs) return undefined;
  const show = (shares: Shares) => homes.map((home) => `${home} ${shares[home] ?? 0} %`).join(', ');
  return fail('share-differs', `The edge splits the traffic of ${app} otherwise than wanted.`, {
    found: show(inForce),
    expected: show(wanted),
  });
}

function withSignal(signal: AbortSignal | undefined) {
  return signal ? { signal } : {};
}
