import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../../src/compile/build.ts';
import { features } from '../../src/features/index.ts';
import { openWorkspace } from '../../src/manifest/open.ts';
import { isFailure } from '../../src/model/failure.ts';
import type { NativeObject } from '../../src/model/native.ts';
import { platforms } from '../../src/platforms/index.ts';
import { plugins } from '../../src/rehome.ts';
import type { Figure } from './bench.ts';
import { median } from './median.ts';

const services = 40;
const environments = 12;
const rounds = 7;

/** Manifest to native objects, and to the YAML of `rehome render`: 40 services in 12 environments, one process. */
export async function compileSpeed(): Promise<Figure[]> {
  const details = `${services} services × ${environments} environments, the first round included`;
  const compiled = await each('mesos', compileOne);
  const { dump } = await import('js-yaml');
  const rendered = await each('kubernetes', (...one) => {
    for (const { body } of compileOne(...one)) dump(body, { noRefs: true, lineWidth: -1 });
  });
  const micro = rendered * 1_000;
  return [
    { name: 'compile, each', value: compiled, unit: 'ms', limit: '1 ms', ok: compiled < 1, details },
    { name: 'Kubernetes: render, each', value: micro, unit: 'µs', limit: '600 µs', ok: micro < 600, details },
  ];
}

/** ms for one service in one environment, from the opened workspace on. */
async function each(platform: 'mesos' | 'kubernetes', run: (...one: One) => unknown): Promise<number> {
  const root = makeWorkspace(homes[platform]);
  try {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const workspace = openWorkspace(root, plugins);
      if (isFailure(workspace)) throw new Error(workspace.message);
      const begun = performance.now();
      for (const environment of Object.values(workspace.environments)) {
        for (const app of Object.keys(workspace.manifests)) run(workspace, environment, app);
      }
      times.push((performance.now() - begun) / services / environments);
    }
    return median(times);
  } finally {
    rmSync(root, { recursive: true });
  }
}

const homes = {
  mesos: '{ platform: mesos, marathon: "http://marathon.example", chronos: "http://chronos.example" }',
  kubernetes: '{ platform: kubernetes, context: lab, namespace: bench, ingress: { class: nginx } }',
} as const;

type Workspace = Exclude<ReturnType<typeof openWorkspace>, { kind: 'Failure' }>;

type One = readonly [
  workspace: Workspace,
  environment: Workspace['environments'][string] | undefined,
  app: string,
];

function compileOne(...[workspace, environment, app]: One): readonly NativeObject[] {
  const home = environment?.homes[0];
  const platform = platforms.find(({ name }) => name === home?.platform);
  if (!environment || !home || !platform) throw new Error('the workspace has no home');
  const residency = { share: 100, duty: true };
  const built = buildApp(workspace, features, { app, version: '1.0.0', environment, home, residency });
  if (isFailure(built)) throw new Error(built.message);
  const target = { environment: environment.name, home: home.name, settings: home.settings };
  // biome-ignore lint/suspicious/noExplicitAny: the settings are the platform's own, whichever it is
  return platform.compile(built.app, target as any).objects;
}

function makeWorkspace(home: string): string {
  const root = mkdtempSync(join(tmpdir(), 'rehome-bench-'));
  mkdirSync(join(root, 'services'));
  const all = Array.from({ length: environments }, (_, n) => environmentText(n, home)).join('');
  const conventions = `conventions:\n  image: "anna-repo/{app}:{version}"\n  command: "python /app/{app}/main.py"\n`;
  writeFileSync(
    join(root, 'rehome.yaml'),
    `${conventions}environments:\n${all}features:\n  rmq: { url: "amqp://q/{app}" }\n`,
  );
  for (let n = 0; n < services; n++) writeFileSync(join(root, `services/app${n}.yml`), manifestText(n));
  return root;
}

function environmentText(n: number, home: string): string {
  return `  env${n}:\n    stage: test\n    domain: env${n}.example\n    homes: { home: ${home} }\n`;
}

function manifestText(n: number): string {
  return `application:
  app_name: app${n}
  test: { cpu: 0.5, mem: 512.0, instances: 2 }
  rmq: True
  haproxy_group: external
  haproxy_0_path: "-i /api"
  chronos: True
  chronos_tasks:
    - { name: "{{ 'sync' if k8s else 'SYNC' }}_${n}", schedule: R//PT30M, command: python /app/sync.py }
`;
}
