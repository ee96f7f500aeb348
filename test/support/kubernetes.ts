import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { type Api, currentContext, openApi } from '../lab/kubernetes/api.ts';
import { lacks } from '../lab/kubernetes/machine.ts';
import { stateFolder, statePaths } from '../lab/kubernetes/places.ts';
import { seemsUp } from '../lab/kubernetes/status.ts';

/** A real cluster for tests. Who needs one imports this file: `npm test` then starts the lab's where it can. */
export interface TestCluster {
  readonly kubeconfig: string;
  readonly context: string;
  /** A folder that all containers and this machine see under this very path; foreign clusters may have none. */
  readonly shared?: string;
}

/**
 * The cluster of REHOME_TEST_KUBECONFIG, else the running lab cluster, else the reason why there is none. On a
 * foreign cluster the images are its owner's business: see docs/kubernetes-lab.md.
 */
export function testCluster(env: NodeJS.ProcessEnv = process.env): TestCluster | { readonly reason: string } {
  const foreign = env['REHOME_TEST_KUBECONFIG'];
  if (foreign) {
    const shared = env['REHOME_TEST_SHARED'];
    return { kubeconfig: foreign, context: currentContext(foreign), ...(shared ? { shared } : {}) };
  }
  const paths = statePaths(stateFolder(env));
  if (seemsUp(stateFolder(env)))
    return { kubeconfig: paths.kubeconfig, context: 'lab', shared: paths.shared };
  const why = lacks().join(' ') || 'Start one: `npm run lab:k8s -- up`.';
  return { reason: `no Kubernetes cluster runs here. ${why}` };
}

export interface TestNamespace {
  readonly name: string;
  readonly api: Api;
}

/** A namespace that nobody else has. It goes after the test, and nobody waits for that. */
export async function openNamespace(
  t: Pick<TestContext, 'after'>,
  cluster: TestCluster,
  labels: Readonly<Record<string, string>> = {},
): Promise<TestNamespace> {
  const name = `test-${randomBytes(5).toString('hex')}`;
  const api = openApi(cluster.kubeconfig, cluster.context);
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
  const { status, body: answer } = await api.ask('POST', '/api/v1/namespaces', body);
  if (status !== 201) throw new Error(`The namespace ${name} cannot be made: ${JSON.stringify(answer)}`);
  t.after(async () => {
    await api.ask('DELETE', `/api/v1/namespaces/${name}`);
    api.close();
  });
  return { name, api };
}
