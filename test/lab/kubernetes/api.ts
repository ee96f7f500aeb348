import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';

/** Just enough of a Kubernetes client for the lab itself: what is tested must not judge itself. */
export interface Api {
  readonly server: string;
  /** Any status is an answer; no answer throws. A string as `body` is sent as it is, everything else as JSON. */
  ask(method: string, path: string, body?: unknown, type?: string): Promise<Answer>;
  close(): void;
}

export interface Answer {
  readonly status: number;
  /** Parsed where it is JSON, else the text. */
  readonly body: unknown;
}

interface Named {
  readonly name: string;
}
interface Kubeconfig {
  readonly 'current-context': string;
  readonly contexts: readonly (Named & { context: { cluster: string; user: string } })[];
  readonly clusters: readonly (Named & { cluster: Record<string, string | boolean> })[];
  readonly users: readonly (Named & { user: Record<string, string> })[];
}

/** Clients by certificate or token; with exec plugins the test cluster's kubeconfig is of no use here. */
export function openApi(kubeconfig: string, context?: string): Api {
  const config = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
  const { cluster: clusterName, user: userName } = named(
    config.contexts,
    context ?? config['current-context'],
  ).context;
  const { cluster } = named(config.clusters, clusterName);
  const { user } = named(config.users, userName);
  const material = (from: Record<string, string | boolean>, key: string) => {
    const [data, path] = [from[`${key}-data`], from[key]];
    if (typeof data === 'string') return Buffer.from(data, 'base64');
    return typeof path === 'string' ? readFileSync(resolve(dirname(kubeconfig), path)) : undefined;
  };
  const agent = new Agent({
    keepAlive: true,
    ca: material(cluster, 'certificate-authority'),
    cert: material(user, 'client-certificate'),
    key: material(user, 'client-key'),
    rejectUnauthorized: cluster['insecure-skip-tls-verify'] !== true,
  });
  const server = String(cluster['server']);
  const authorization = user['token'] === undefined ? {} : { authorization: `Bearer ${user['token']}` };

  function ask(method: string, path: string, body?: unknown, type = 'application/json'): Promise<Answer> {
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const content =
      text === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(text) };
    return new Promise((done, failed) => {
      const headers = { accept: 'application/json', ...authorization, ...content };
      const sent = request(
        new URL(path, server),
        { method, agent, headers, timeout: 10_000 },
        async (response) => {
          let read = '';
          try {
            for await (const chunk of response.setEncoding('utf8')) read += chunk;
            done({ status: response.statusCode ?? 0, body: parsed(read) });
          } catch (error) {
            failed(error);
          }
        },
      );
      sent.on('timeout', () => sent.destroy(new Error(`${server} does not answer.`)));
      sent.on('error', failed);
      sent.end(text);
    });
  }

  return { server, ask, close: () => agent.destroy() };
}

export function currentContext(kubeconfig: string): string {
  return (parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig)['current-context'];
}

function named<T extends Named>(list: readonly T[], name: string): T {
  const found = list.find((one) => one.name === name);
  if (!found) throw new Error(`The kubeconfig has no entry named ${name}.`);
  return found;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
