import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { z } from 'zod';
import { type BuildRequest, type Built, buildApp } from '../../src/compile/build.ts';
import { features } from '../../src/features/index.ts';
import { openWorkspace } from '../../src/manifest/open.ts';
import { findWhere } from '../../src/manifest/where.ts';
import type { Plugins, Workspace } from '../../src/manifest/workspace.ts';
import { type Failure, isFailure } from '../../src/model/failure.ts';

/** Plugins of other rooms as far as files can tell: names and settings. */
export const plugins: Plugins = {
  platforms: [
    { name: 'mesos', settings: z.strictObject({ marathon: z.string(), chronos: z.string() }) },
    { name: 'kubernetes', settings: z.object({ context: z.string(), namespace: z.string().optional() }) },
    { name: 'local', settings: z.strictObject({}) },
  ],
  edges: [
    { name: 'embedded', settings: z.strictObject({}) },
    { name: 'haproxy', settings: z.strictObject({ socket: z.string() }) },
  ],
  features,
  notifiers: [
    { name: 'stdout', settings: z.strictObject({}) },
    { name: 'webhook', settings: z.strictObject({ url: z.url() }) },
  ],
  steps: [{ name: 'lock' }, { name: 'check' }, { name: 'migrate' }, { name: 'rollout' }],
};

/** A rehome.yaml with the seed's conventions, environments `test1` (mesos and k8s) and `prod` (mesos). */
export const seedWorkspace = `conventions:
  image: "anna-repo/{app}:{version}"
  command: "python /app/{app}/main.py"
  port: 8080
  env: {LOGSTASH_TAG: "{app}-{stage}"}
environments:
  test1:
    stage: test
    homes:
      mesos: {platform: mesos, marathon: "http://127.0.0.1:1", chronos: "http://127.0.0.1:2"}
      k8s: {platform: kubernetes, context: lab}
  prod:
    homes:
      mesos: {platform: mesos, marathon: "http://127.0.0.1:1", chronos: "http://127.0.0.1:2"}
`;

/** Writes files into a folder of their own that goes away with the test. */
export function writeFiles(t: TestContext, files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = mkdtempSync(join(tmpdir(), 'rehome-workspace-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

/** Opens a workspace of the seed's conventions with these manifests, by file name. */
export function openFiles(
  t: TestContext,
  manifests: Readonly<Record<string, string | Uint8Array>>,
  workspaceFile = seedWorkspace,
): Workspace | Failure {
  const named = Object.entries(manifests).map(([name, content]) => [`services/${name}`, content]);
  return openWorkspace(
    writeFiles(t, { 'rehome.yaml': workspaceFile, ...Object.fromEntries(named) }),
    plugins,
  );
}

/** The value, or a thrown error that shows the failure. */
export function must<T>(value: T | Failure): T {
  if (isFailure(value)) throw new Error(`unexpected failure: ${JSON.stringify(value, undefined, 2)}`);
  return value;
}

/** Builds `app` in `where` (`prod`, `test1.k8s`) as in its only home, or gives the failure. */
export function build(
  workspace: Workspace,
  app: string,
  where: string,
  more: Partial<BuildRequest> = {},
): Built | Failure {
  const { environment, home = environment.homes[0] } = must(findWhere(workspace, where));
  if (!home) throw new Error(`${where} has no home`);
  const residency = { share: 100, duty: true };
  return buildApp(workspace, features, { app, version: '1.0.0', environment, home, residency, ...more });
}
