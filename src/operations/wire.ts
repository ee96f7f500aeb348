import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Edge, EdgeType } from '../edges/edge.ts';
import type { Environment } from '../manifest/workspace.ts';
import { type Failure, fail, isFailure } from '../model/failure.ts';
import { addressesOf } from './addresses.ts';
import { connectHome, placeHome } from './connect.ts';
import { runsOnThisMachine } from './lab.ts';
import type { ConnectedHome, Wired } from './wired.ts';

/** What this process brings to a workspace. */
export type Hands = Pick<
  Wired,
  'workspace' | 'host' | 'store' | 'reveal' | 'mask' | 'print' | 'holder' | 'owner'
> & {
  readonly self: readonly string[];
};

type Lists = Pick<Wired, 'platforms' | 'features' | 'notifiers' | 'rules' | 'engine'> & {
  readonly edges: readonly EdgeType[];
};

/** Puts plugins and the live world together, connecting to nothing before it is needed and to each home once. */
export function wire(hands: Hands, { edges, ...lists }: Lists): Wired {
  const { workspace, host, store, self } = hands;
  const homes = new Map<string, Promise<ConnectedHome | Failure>>();
  const fronts = new Map<string, Edge>();
  const started = new Set<EdgeType>();
  const machine = {
    host,
    root: workspace.root,
    argv: [...self, 'edge', 'daemon', '--workspace', workspace.root],
  };
  const reach = { ...hands, ...lists };

  function typeOf({ edge, homes }: Environment): EdgeType | undefined {
    // Where instances run on this machine, the edge that is a process of this machine comes by itself.
    if (!edge) return homes.some(runsOnThisMachine) ? edges.find(({ up }) => up) : undefined;
    return edges.find(({ name }) => name === edge.type);
  }

  function connectEdge(environment: Environment): Edge | undefined {
    const settings = settingsOf(environment);
    const folder = join(workspace.root, '.rehome', 'edge');
    return typeOf(environment)?.connect(settings, { host, environment: environment.name, folder });
  }

  return {
    ...hands,
    ...lists,
    platformOf: (environment, home) => placeHome(lists, environment, home),
    connect(environment, config) {
      const key = `${environment.name}.${config.name}`;
      const connected = homes.get(key) ?? connectHome(reach, environment, config);
      homes.set(key, connected);
      // What is not there now may be there later: only what stands is kept.
      void connected.then((one) => isFailure(one) && homes.delete(key));
      return connected;
    },
    async edgeOf(environment, { start }) {
      const type = typeOf(environment);
      const up = start === 'again' || (start && type && !started.has(type));
      const failure = up ? await type?.up?.(machine) : undefined;
      if (failure) return failure;
      if (start && type) started.add(type);
      const edge = fronts.get(environment.name) ?? connectEdge(environment);
      if (edge) fronts.set(environment.name, edge);
      return edge;
    },
    lookAtEdge: async (environment) => await typeOf(environment)?.look?.(settingsOf(environment), machine),
    async addresses(environment) {
      const block = typeOf(environment)?.addresses(machine);
      if (!block || isFailure(block)) return block;
      return await addressesOf(store, workspace, environment.name, block);
    },
    handOver: async (deployment) => startWorker(self, workspace.root, deployment),
  };
}

function settingsOf({ edge }: Environment): Readonly<Record<string, unknown>> {
  const { type: _type, ...settings } = edge ?? { type: '' };
  return settings;
}

/** A worker that outlives this process, for one deployment. */
function startWorker(self: readonly string[], root: string, deployment: string): Failure | undefined {
  const [program = '', ...args] = self;
  const command = [...args, 'worker', '--once', '--only', deployment, '--workspace', root];
  try {
    spawn(program, command, { detached: true, stdio: 'ignore' }).unref();
    return undefined;
  } catch (error) {
    return fail('step-failed', `A worker for ${deployment} could not be started: ${error}.`, {
      hint: 'rehome worker carries it on',
    });
  }
}
