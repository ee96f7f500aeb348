import { join } from 'node:path';
import type { Environment, HomeConfig, Workspace } from '../manifest/workspace.ts';
import { type Failure, fail, isFailure } from '../model/failure.ts';
import type { Reach } from './connect.ts';

/** What the lab's discovery file says: addresses of its own API and of its clusters, by environment. */
interface LabInfo {
  readonly pid: number;
  readonly startedAt: string;
  readonly api: string;
  readonly clusters: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const clusterServices = ['marathon', 'chronos', 'mesos'];

type Here = Pick<Reach, 'workspace' | 'host'>;

/**
 * Puts real addresses where the settings of a home say `lab`: a setting named as one of the cluster's services
 * gets that one's address, any other the lab's own API. Tells the lab today's catalogue on the way, so that an
 * image added since it started is found. `lab-not-running` where it is needed and does not run.
 */
export async function resolveLab(
  reach: Here,
  environment: Environment,
  settings: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>> | Failure> {
  const wanting = Object.entries(settings).filter(saysLab);
  if (wanting.length === 0) return settings;
  const info = readLab(reach);
  if (isFailure(info)) return info;
  const cluster = info.clusters[environment.name];
  const filled = wanting.map(([key]) => [key, cluster?.[key] ?? info.api]);
  const failure = await tellCatalogue(reach, info);
  return failure ?? { ...settings, ...cluster, ...Object.fromEntries(filled) };
}

function readLab({ workspace, host }: Here): LabInfo | Failure {
  const text = host.files.read(join(workspace.root, '.rehome', 'lab', 'lab.json'));
  if (isFailure(text)) return text;
  const info = text === undefined ? undefined : (JSON.parse(text) as LabInfo);
  if (info && host.processes.alive(info.pid, info.startedAt)) return info;
  return fail('lab-not-running', 'The embedded lab of this workspace is not running.');
}

async function tellCatalogue({ workspace, host }: Here, { api }: LabInfo): Promise<Failure | undefined> {
  if (!workspace.images) return undefined;
  const answer = await host.http.request({
    url: `${api}/v1/lab/catalogue`,
    method: 'PUT',
    json: workspace.images,
  });
  return isFailure(answer) ? answer : undefined;
}

/** Whether a home runs what it runs in the lab, from the folders of the catalogue. */
export function runsHere({ settings }: HomeConfig): boolean {
  return Object.entries(settings).some(saysLab);
}

/** What the lab gives an address for; elsewhere, `lab` is a name like any other. */
function saysLab([setting, value]: readonly [string, unknown]): boolean {
  return value === 'lab' && ['api', ...clusterServices].includes(setting);
}

/** Whether the instances of a home are processes of this machine, so that an edge on loopback reaches them. */
export function runsOnThisMachine(home: HomeConfig): boolean {
  return runsHere(home) || Object.values(home.settings).some(isLoopback);
}

function isLoopback(value: unknown): boolean {
  return typeof value === 'string' && /^https?:\/\/(127\.|localhost[:/]|localhost$|\[::1\])/.test(value);
}

/** What the lab of a workspace has to be: its catalogue, and a cluster for each environment that refers to one. */
export function labWanted({ images, environments }: Workspace) {
  const clusters = Object.values(environments).filter(({ homes }) => homes.some(wantsCluster));
  return { images: images ?? {}, clusters: clusters.map(({ name }) => name) };
}

function wantsCluster({ settings }: HomeConfig): boolean {
  return clusterServices.some((service) => settings[service] === 'lab');
}
