import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse, stringify } from 'yaml';
import { ask, box, homeUnderTest, until } from '../../../../test/suites/platform/under-test.ts';
import { type KubernetesHome, noCluster, startHome } from '../../../../test/support/kubernetes-home.ts';
import { type Wire, wireTo } from '../../../../test/support/wire.ts';
import { isFailure } from '../../../model/failure.ts';
import type { Endpoint } from '../../platform.ts';
import { kubernetes } from '../platform.ts';

const skip = noCluster();

/** The connection to the API is cut while things go on: nothing is missed, and nobody has to begin again. */
describe('a wire that is cut', { skip }, () => {
  let wire: Wire;
  let place: KubernetesHome;
  const t = homeUnderTest({ platform: kubernetes, start });
  before(() => t.start());
  after(() => t.stop());

  async function start() {
    place = await startHome();
    const { hostname, port } = new URL(place.server);
    wire = await wireTo(hostname, Number(port) || 443);
    const stop = async () => {
      await place.stop();
      await wire.close();
    };
    return { ...place, settings: { ...place.settings, kubeconfig: through(place, wire) }, stop };
  }

  test('a rollout whose watches are cut again and again is still seen to its end', async () => {
    await t.deploy(box('cut', { instances: 2 }), 'd1');
    const next = box('cut', { instances: 2 }, { version: '1.0.1' });
    const since = Date.now();
    await t.write(next, { deployment: 'd2' });
    const opened = wire.count();
    const stop = new AbortController();
    const cutting = (async () => {
      while (!stop.signal.aborted) {
        wire.cut();
        await new Promise((resolve) => setTimeout(resolve, 700));
      }
    })();
    const look = await t.settle(next, 'd2', since).finally(() => stop.abort());
    await cutting;
    assert(look.ok, look.why);
    assert(wire.count() > opened, 'nothing was cut');
  });

  test('an API that is away for a while: the list before stays good, then comes what has changed', async () => {
    await t.deploy(box('away'), 'd1');
    const stop = new AbortController();
    const seen: (readonly Endpoint[])[] = [];
    const following = (async () => {
      for await (const list of t.home().endpoints('away', stop.signal)) if (!isFailure(list)) seen.push(list);
    })();
    await until('one is told', () => seen.at(-1)?.length === 1);
    wire.block(true);
    // Meanwhile somebody else scales it, over a wire of his own.
    await place.ask('PATCH', 'deployments/away-deployment', { spec: { replicas: 2 } });
    await until('the second one is there', async () => (await readyPods()) === 2);
    assert.equal(seen.at(-1)?.length, 1);
    wire.block(false);
    await until('two are told', () => seen.at(-1)?.length === 2);
    for (const endpoint of seen.at(-1) ?? []) assert.equal(await ask(endpoint), '1.0.0');
    stop.abort();
    await following;
  });

  test('logs that are followed go on over a cut wire, no line lost or told twice, and a pod that joins is heard', async () => {
    const { health: _, port: __, ...service } = box('chatty').services[0] ?? assert.fail();
    const command = 'n=0; while sleep 0.1; do n=$((n+1)); echo "line $n"; done';
    await t.deploy({ ...box('chatty'), services: [{ ...service, command }] }, 'd1');
    const heard = new Map<string, number[]>();
    const stop = new AbortController();
    const following = (async () => {
      for await (const line of t.home().logs({ app: 'chatty', tail: 1, follow: true, signal: stop.signal })) {
        if (isFailure(line)) continue;
        const numbers = heard.get(line.source) ?? [];
        heard.set(line.source, [...numbers, Number(line.line.slice('line '.length))]);
      }
    })();
    const counts = () => [...heard.values()].map((numbers) => numbers.length);
    await until('it is heard', () => counts().length === 1 && Math.min(...counts()) > 5);
    wire.cut();
    const [before = 0] = counts();
    await until('it is heard again', () => Math.min(...counts()) > before + 5);
    await place.ask('PATCH', 'deployments/chatty-deployment', { spec: { replicas: 2 } });
    await until('the other one is heard too', () => counts().length === 2 && Math.min(...counts()) > 5);
    stop.abort();
    await following;
    for (const numbers of heard.values()) {
      const [first = 0] = numbers;
      assert.deepEqual(
        numbers,
        numbers.map((_, at) => first + at),
      );
    }
  });

  async function readyPods(): Promise<number> {
    const { body } = await place.ask('GET', 'deployments/away-deployment');
    return (body as { status: { readyReplicas?: number } }).status.readyReplicas ?? 0;
  }
});

/** The same kubeconfig, with the wire in the place of the server. */
function through({ settings, root, server }: KubernetesHome, { port }: Wire): string {
  const config = parse(readFileSync(settings.kubeconfig ?? '', 'utf8')) as {
    clusters: { cluster: Record<string, unknown> }[];
  };
  for (const { cluster } of config.clusters) {
    cluster['server'] = `https://127.0.0.1:${port}`;
    if (cluster['insecure-skip-tls-verify'] !== true) cluster['tls-server-name'] = new URL(server).hostname;
  }
  const file = join(root, 'kubeconfig');
  writeFileSync(file, stringify(config));
  return file;
}
