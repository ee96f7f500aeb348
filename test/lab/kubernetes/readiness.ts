import { Resolver } from 'node:dns/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Api } from './api.ts';
import { addresses, cacheFolder, nodeName, programs } from './places.ts';

/** Whether the apiserver has something, or is something, under a path. */
export async function answers(api: Api, path: string): Promise<boolean> {
  return (await api.ask('GET', path)).status === 200;
}

export async function defineGateway(api: Api): Promise<void> {
  const folder = join(cacheFolder(), programs.gateway);
  const all = readdirSync(folder).map(async (file) => {
    const name = file
      .replace(/\.yaml$/, '')
      .split('_')
      .reverse()
      .join('.');
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}?fieldManager=lab`;
    const text = readFileSync(join(folder, file), 'utf8');
    const { status, body } = await api.ask('PATCH', path, text, 'application/apply-patch+yaml');
    if (status > 201) throw new Error(`The Gateway API cannot be defined: ${JSON.stringify(body)}`);
  });
  await Promise.all(all);
}

export async function isNodeReady(api: Api): Promise<boolean> {
  const { body } = await api.ask('GET', `/api/v1/nodes/${nodeName}`);
  const { status, spec } = body as {
    status?: { conditions?: readonly { type: string; status: string }[] };
    spec?: { taints?: readonly unknown[] };
  };
  const ready = status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false;
  return ready && (spec?.taints ?? []).length === 0;
}

export async function isNameAnswered(): Promise<boolean> {
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([addresses.bridge]);
  const found = await resolver.resolve4('kubernetes.default.svc.cluster.local');
  return found.includes(addresses.firstService);
}

/** kube-proxy has written its first rules: a service's address leads somewhere. */
export function isServiceWired(): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host: addresses.firstService, port: 443, timeout: 1_000 });
    const tell = (answer: boolean) => () => {
      socket.destroy();
      done(answer);
    };
    socket.on('connect', tell(true)).on('timeout', tell(false)).on('error', tell(false));
  });
}
