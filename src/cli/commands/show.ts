import type { Deployment } from '../../model/deployment.ts';
import { isFailure } from '../../model/failure.ts';
import { deploymentArgument } from '../arguments/known-flags.ts';
import type { Command } from '../command.ts';
import { deploymentDocument } from '../deployments/document.ts';
import { advice, sentence } from '../deployments/verdict.ts';
import { failureText } from '../output/failure-text.ts';
import { localTime } from '../output/local-time.ts';
import type { Output } from '../output.ts';
import { block } from '../progress/block.ts';
import { marksFor } from '../progress/marks.ts';
import { see } from '../progress/view.ts';

export const command: Command = {
  name: 'show',
  summary: 'show one deployment, step by step',
  args: [deploymentArgument],
  flags: [],
  examples: [['rehome show d-20261123-7f3a', 'what each step did, when, how long, in which attempt']],
  run: async ({ args, output, open, now }) => {
    const operations = await open();
    if (isFailure(operations)) return operations;
    const deployment = await operations.show(args['ID']?.[0] ?? '');
    if (isFailure(deployment)) return deployment;
    output.document(deploymentDocument(deployment));
    output.data(deploymentText(deployment, output, now()).join('\n'));
    return 0;
  },
};

function deploymentText(deployment: Deployment, output: Output, now: number): readonly string[] {
  const look = {
    marks: marksFor(output.unicode),
    style: output.dataStyle,
    columns: output.size().columns,
    now,
    still: true,
  };
  const id = deployment.deployment;
  const view = see(new Map(), { type: 'deployment', at: deployment.startedAt, deployment }).get(id);
  return [
    ...(view ? block(view, look) : []),
    '',
    sentence(deployment, false),
    `  id     ${id}`,
    `  began  ${localTime(deployment.startedAt)} by ${deployment.holder}`,
    `  homes  ${deployment.homes.join(', ')}`,
    ...(deployment.failure && deployment.status !== 'cancelled'
      ? [failureText(deployment.failure, output.dataStyle)]
      : []),
    ...(deployment.status === 'running' ? advice(deployment, false) : []),
  ];
}
