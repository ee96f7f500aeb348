import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../../src/compile/build.ts';
import { features } from '../../src/features/index.ts';
import { openWorkspace } from '../../src/manifest/open.ts';
import type { Workspace } from '../../src/manifest/workspace.ts';
import type { App } from '../../src/model/app.ts';
import { kubernetes } from '../../src/platforms/kubernetes/platform.ts';
import type { Compiled } from '../../src/platforms/platform.ts';
import { plugins } from '../../src/rehome.ts';
import { without } from './platforms.ts';
import { must } from './workspace.ts';

export interface Example {
  /** `bank/account`, `seed/hcn`. */
  readonly name: string;
  readonly app: App;
  readonly compiled: Compiled;
}

const project = join(import.meta.dirname, '../..');

/** Every example manifest, compiled for a home on Kubernetes: the bank in test1.k8s, the seed's own in prod. */
export function kubernetesExamples(): readonly Example[] {
  return [...bank(), ...seed('account.yml'), ...seed('hcn.yml'), ...seed('account-twice.yml')];
}

function bank(): readonly Example[] {
  // Its other homes are there.
  if (without('mesos')) return [];
  const workspace = must(openWorkspace(join(project, 'examples/bank'), plugins));
  return examplesIn(workspace, 'bank', 'test1');
}

/** As the conference deck has it: limits are hard there, and every app is served from outside. */
const seedWorkspace = `conventions:
  image: "anna-repo/{app}:{version}"
  command: "python /app/{app}/main.py"
  env: { LOGSTASH_TAG: "{app}-{stage}" }
  limits: hard
environments:
  prod:
    domain: prod.anna.money
    homes: { k8s: { platform: kubernetes, namespace: prod, ingress: { class: nginx } } }
`;

/** One at a time: two of the seed's files describe the same app. */
function seed(file: string): readonly Example[] {
  const root = mkdtempSync(join(tmpdir(), 'rehome-examples-'));
  try {
    writeFileSync(join(root, 'rehome.yaml'), seedWorkspace);
    cpSync(join(project, 'test/fixtures/seed', file), join(root, 'services', file));
    const name = file.replace('.yml', '');
    const text = readFileSync(join(root, 'services', file), 'utf8');
    // Nothing is configured for the queue and the database here, and a deploy would say so.
    writeFileSync(join(root, 'services', file), text.replace(/^ {2}(rmq|mongo): True.*\n/gm, ''));
    return examplesIn(must(openWorkspace(root, plugins)), 'seed', 'prod').map((example) => ({
      ...example,
      name: `seed/${name}`,
    }));
  } finally {
    rmSync(root, { recursive: true });
  }
}

function examplesIn(workspace: Workspace, set: string, name: string): readonly Example[] {
  const environment = workspace.environments[name];
  const home = environment?.homes.find(({ platform }) => platform === kubernetes.name);
  if (!environment || !home) throw new Error(`${name} has no home on Kubernetes`);
  const residency = { share: 100, duty: true };
  return Object.keys(workspace.manifests).map((app) => {
    const request = { app, version: '1.0.0', environment, home, addresses: {}, residency };
    const built = must(buildApp(workspace, features, request));
    const { domain, tls } = environment;
    const place = { ...(domain ? { domain } : {}), ...(tls ? { tls } : {}) };
    const target = { environment: name, home: home.name, settings: home.settings as object, ...place };
    return { name: `${set}/${app}`, app: built.app, compiled: kubernetes.compile(built.app, target) };
  });
}
