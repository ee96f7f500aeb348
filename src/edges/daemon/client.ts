import type { Host, HttpRequest } from '../../host/host.ts';
import type { ErrorCode } from '../../model/errors.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import { findEdge } from './discovery.ts';
import { failureSchema } from './protocol.ts';

export interface EdgeRequest extends Pick<HttpRequest, 'json' | 'signal' | 'timeoutMs'> {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  /** Below `/v1`. */
  readonly path: string;
}

/**
 * Asks the edge's admin API. Looks each time where the edge is: it may have been started again.
 * Failures: `edge-not-running`, and what the edge answers.
 */
export async function askEdge(host: Host, folder: string, request: EdgeRequest): Promise<unknown | Failure> {
  const edge = findEdge(host, folder);
  if (isFailure(edge)) return edge;
  if (!edge) return fail('edge-not-running', 'The edge of this workspace is not running.');
  const { path, ...rest } = request;
  const response = await host.http.request({ ...rest, url: `${edge.admin}/v1${path}` });
  if (isFailure(response)) {
    if (response.code === 'interrupted') return response;
    return fail('edge-not-running', `The edge, process ${edge.pid}, does not answer.`, {
      found: response.message,
    });
  }
  const body: unknown = JSON.parse(response.body);
  const failed = failureSchema.safeParse(body);
  if (!failed.success) return body;
  const { kind: _kind, code, message, ...details } = failed.data.error;
  return fail(code as ErrorCode, message, details);
}
