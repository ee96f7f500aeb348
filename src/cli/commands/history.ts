import type { Deployment } from '../../model/deployment.ts';
import { isFailure } from '../../model/failure.ts';
import { showDuration } from '../arguments/duration.ts';
import { filterFlag } from '../arguments/known-flags.ts';
import type { Command } from '../command.ts';
import { deploymentDocument } from '../deployments/document.ts';
import { localTime } from '../output/local-time.ts';
import type { Style } from '../output/style.ts';
import { table } from '../output/table.ts';

export const command: Command = {
  name: 'history',
  summary: 'list deployments, latest first',
  args: [{ name: 'APP', summary: 'only this app', required: false, complete: 'app' }],
  flags: [filterFlag, { name: 'limit', short: 'n', value: 'N', summary: 'how many', default: '20' }],
  examples: [['rehome history hcn -e prod -n 5', 'the last five deployments of hcn to prod']],
  run: async ({ args, flags, output, open, now }) => {
    const operations = await open();
    if (isFailure(operations)) return operations;
    const [app, environment] = [args['APP']?.[0], flags.text('environment')];
    const deployments = await operations.history({
      limit: flags.number('limit') ?? 20,
      ...(app ? { app } : {}),
      ...(environment ? { environment } : {}),
    });
    if (isFailure(deployments)) return deployments;
    output.document({ deployments: deployments.map((each) => deploymentDocument(each)) });
    output.data(historyText(deployments, output.dataStyle, now()));
    return 0;
  },
};

function historyText(deployments: readonly Deployment[], paint: Style, now: number): string {
  if (deployments.length === 0) return 'Nothing was deployed yet.';
  const heading = ['ID', 'BEGAN', 'ACTION', 'APP', 'VERSION', 'ENV', 'HOMES', 'STATUS', 'TOOK', 'BY'];
  const rows = deployments.map((each) => [
    each.deployment,
    localTime(each.startedAt),
    each.action,
    each.app,
    each.version,
    each.environment,
    each.homes.join(','),
    statusWord(each, paint),
    showDuration((each.finishedAt ? Date.parse(each.finishedAt) : now) - Date.parse(each.startedAt)),
    each.holder,
  ]);
  const [first = '', ...lines] = table(heading, rows);
  return [paint.dim(first), ...lines].join('\n');
}

/** A deployment that says it runs, but that nobody carries on, is interrupted. */
function statusWord(deployment: Deployment, paint: Style): string {
  const { status, attended } = deployment;
  if (status === 'done') return paint.green(status);
  if (status === 'running') return attended ? paint.cyan(status) : paint.yellow('interrupted');
  return paint.red(status);
}
