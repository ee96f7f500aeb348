import { type LabStatus, labStatus } from '../../lab/control.ts';
import { findWorkspace } from '../../manifest/open.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import type { Command } from '../command.ts';
import type { Output } from '../output.ts';

export const command: Command = {
  name: 'lab status',
  summary: 'show whether the lab runs, and its addresses',
  args: [],
  flags: [],
  examples: [['rehome lab status --json', 'addresses for programs: .clusters.test1.marathon']],
  run: async ({ folder, output }) => {
    const root = findWorkspace(folder);
    return isFailure(root) ? root : await showLab(root, output);
  },
};

/** Prints what runs where; also what is not as one may expect. */
export async function showLab(root: string, output: Output): Promise<number | Failure> {
  const status = await labStatus(root);
  if (isFailure(status)) return status;
  output.document(documentOf(status));
  for (const line of linesOf(status)) output.data(line);
  return 0;
}

function documentOf(status: LabStatus) {
  if (!status.running) return { running: false };
  const { info, mounting, problems, images, tasks, memoryMiB } = status;
  const { pid, since, api, clusters } = info;
  return { running: true, pid, since, api, clusters, mounting, problems, images, tasks, memoryMiB };
}

function linesOf(status: LabStatus): string[] {
  if (!status.running) return ['The lab does not run; rehome lab up starts it.'];
  const { info, mounting, problems, tasks, memoryMiB } = status;
  const running = tasks['TASK_RUNNING'] ?? 0;
  return [
    `The lab runs as process ${info.pid} since ${info.since}: ${running === 1 ? '1 task' : `${running} tasks`}, ${memoryMiB} MiB.`,
    ...Object.entries(info.clusters).map(
      ([name, { marathon, chronos }]) => `  ${name}: marathon ${marathon}, chronos ${chronos}`,
    ),
    `  local: ${info.api}`,
    ...(mounting.works
      ? []
      : [`Images are not shown at /app: ${mounting.why}. Commands that name /app may fail.`]),
    ...problems,
  ];
}
