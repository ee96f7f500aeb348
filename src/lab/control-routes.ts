import { z } from 'zod';
import { type Failure, isFailure } from '../model/failure.ts';
import type { Survivor } from './agent/agent.ts';
import { json, type Reply } from './http/message.ts';
import type { Route } from './http/router.ts';
import { isName, parseBody } from './local/input.ts';
import { refusal, refused } from './local/replies.ts';

/** What the control API can have done. */
export interface Control {
  status(): Readonly<Record<string, unknown>>;
  setImages(images: Readonly<Record<string, string>>): void;
  /** Failure: `no-free-port`, `file-unusable`. */
  startCluster(name: string): Promise<object | Failure>;
  /** Ends the daemon, after every task where `stopTasks` says so. Resolves before the daemon ends. */
  shutDown(stopTasks: boolean, graceMs: number | undefined): Promise<readonly Survivor[]>;
}

const catalogueBody = z.record(z.string(), z.string());
const shutDownBody = z.strictObject({
  stopTasks: z.boolean().default(false),
  graceMs: z.number().int().min(0).optional(),
});

/**
 * The control API of the daemon, on the server of the local API:
 * | request | answer |
 * |---|---|
 * | `GET /v1/lab` | what `GET /` says, and `{images, tasks: {STATE: count}, memoryMiB}` |
 * | `PUT /v1/lab/catalogue` `{PATTERN: FOLDER}` | 200; running tasks stay |
 * | `PUT /v1/lab/clusters/NAME` | 200 `{marathon, chronos, mesos}`: made, or found |
 * | `POST /v1/lab/shutdown` `{stopTasks?, graceMs?}` | 200 `{survivors: [{taskId, pid}]}`, then the daemon ends |
 */
export function controlRoutes(control: Control): readonly Route[] {
  return [
    ['GET', '/v1/lab', () => json(200, control.status())],
    [
      'PUT',
      '/v1/lab/catalogue',
      ({ body }) => {
        const parsed = parseBody(catalogueBody, body);
        if (isFailure(parsed)) return refused(parsed);
        control.setImages(parsed);
        return json(200, { images: parsed });
      },
    ],
    ['PUT', '/v1/lab/clusters/{name}', ({ params }) => startCluster(control, params['name'] ?? '')],
    [
      'POST',
      '/v1/lab/shutdown',
      async ({ body }) => {
        const parsed = parseBody(shutDownBody, body);
        if (isFailure(parsed)) return refused(parsed);
        return json(200, { survivors: await control.shutDown(parsed.stopTasks, parsed.graceMs) });
      },
    ],
  ];
}

async function startCluster(control: Control, name: string): Promise<Reply> {
  if (!isName(name)) return refusal(400, 'wrong-value', `${name} cannot be the name of a cluster.`);
  const urls = await control.startCluster(name);
  return isFailure(urls) ? refusal(500, urls.code, urls.message) : json(200, urls);
}
