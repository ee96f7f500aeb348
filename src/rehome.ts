import { hostname, userInfo } from 'node:os';
import { resolve } from 'node:path';
import { edgeDown } from './edges/daemon/control.ts';
import { runEdgeDaemon } from './edges/daemon/daemon.ts';
import { edgeFolder } from './edges/daemon/discovery.ts';
import { embeddedCarrier } from './edges/embedded/carrier.ts';
import { haproxyCarrier } from './edges/haproxy/carrier.ts';
import { endLeftHaproxies } from './edges/haproxy/left.ts';
import { edges } from './edges/index.ts';
import { features } from './features/index.ts';
import type { Host } from './host/host.ts';
import { makeOwnFolder } from './host/own-folder.ts';
import { realHost } from './host/real.ts';
import { openSecrets } from './host/secrets.ts';
import { findWorkspace, openWorkspace } from './manifest/open.ts';
import type { Plugins, Workspace } from './manifest/workspace.ts';
import { type Failure, fail, isFailure } from './model/failure.ts';
import { notifiers } from './notify/index.ts';
import { operationsOn } from './operations/all.ts';
import { follower } from './operations/follow.ts';
import type { Operations } from './operations/operations.ts';
import { type Hands, wire } from './operations/wire.ts';
import { platforms } from './platforms/index.ts';
import { journalEngine } from './process/journal-engine.ts';
import { steps } from './process/steps/index.ts';
import { rules } from './rules/index.ts';
import { builtNotes } from './rules/page.ts';
import { openSqliteStore } from './store/sqlite/sqlite.ts';
import type { Owner, Store } from './store/store.ts';

/** The plugins that are built in. This file is the only one that opens the lists. */
export const plugins = { platforms, edges, features, notifiers, steps } satisfies Plugins;
export { builtNotes, rules };

/** What carries traffic in the edge's daemon, by the name of the edge. */
const carriers = { embedded: embeddedCarrier, haproxy: haproxyCarrier };

export interface OpenRequest {
  /** Root of the workspace, where it is not found from `cwd` upwards. */
  readonly workspace?: string;
  /** Any folder of the workspace. */
  readonly cwd: string;
  /** Lines for people: messages of the notifier `stdout`. */
  readonly print: (line: string) => void;
  /** Command line that starts rehome itself, for workers and the edge; default: the way this process was started. */
  readonly self?: readonly string[];
}

/** Opens the workspace that a folder belongs to. Failures: `no-workspace`, everything that is wrong in its files. */
export async function openRehome(request: OpenRequest): Promise<Operations | Failure> {
  const { cwd, print, self = [process.execPath, ...process.execArgv, process.argv[1] ?? ''] } = request;
  const root = findWorkspace(request.workspace ?? cwd);
  if (isFailure(root)) return root;
  const workspace = openWorkspace(root, plugins);
  if (isFailure(workspace)) return workspace;
  const host = realHost();
  const unwritable = makeOwnFolder(workspace.root, self, host.files);
  if (unwritable) return unwritable;
  const store = openStore(workspace, host);
  if (isFailure(store)) return store;
  const secrets = openSecrets(workspace.root);
  const hands: Hands = {
    workspace,
    host,
    store,
    ...secrets,
    self,
    print,
    holder: holder(),
    owner: owner(host),
  };
  return operationsOn(wire(hands, { platforms, edges, features, notifiers, rules, engine: journalEngine }));
}

/**
 * The edge of a workspace, until it is told to stop: a process of its own, see edges/daemon/daemon.ts. Failures:
 * `refused` when one runs already, `no-free-port`, `file-unusable`.
 */
export async function runEdge(root: string): Promise<undefined | Failure> {
  const host = realHost();
  const { reveal } = openSecrets(root);
  const follow = follower(() => {
    const workspace = openWorkspace(root, plugins);
    return isFailure(workspace) ? workspace : { workspace, host, reveal, platforms };
  });
  return await runEdgeDaemon({ root, folder: edgeFolder(root), host, carriers, follow });
}

/** Stops the edge of a workspace; requests under way get some seconds to end. Does nothing where none runs. */
export async function stopEdge(root: string): Promise<undefined | Failure> {
  const host = realHost();
  return (await edgeDown({ host, root })) ?? (await endLeftHaproxies(host, edgeFolder(root)));
}

/** The store that rehome.yaml names: a file of the workspace. */
function openStore({ root, store = '.rehome/state.db', place }: Workspace, host: Host): Store | Failure {
  if (/^[a-z]+:/.test(store)) {
    return fail('unsupported', `The store ${store.split(':')[0]}: … is not one that this version can use.`, {
      place: place(['store']),
      expected: 'a file, such as .rehome/state.db',
    });
  }
  const alive = ({ hostname: machine, pid, processStart }: Owner) =>
    machine === hostname() ? host.processes.alive(pid, processStart) : undefined;
  return openSqliteStore(resolve(root, store), { now: host.clock.now, alive });
}

function holder(): string {
  return `${userInfo().username}@${hostname()}`;
}

function owner({ processes }: ReturnType<typeof realHost>): Owner {
  return { hostname: hostname(), pid: process.pid, processStart: processes.startTime(process.pid) ?? '' };
}
