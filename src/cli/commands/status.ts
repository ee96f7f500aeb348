import { isFailure } from '../../model/failure.ts';
import type { AppStatus, HomeStatus } from '../../operations/operations.ts';
import { filterFlag } from '../arguments/known-flags.ts';
import type { Command } from '../command.ts';
import { table } from '../output/table.ts';
import type { Output } from '../output.ts';
import { dots, marksFor } from '../progress/marks.ts';

export const command: Command = {
  name: 'status',
  summary: 'show versions, homes, instances, shares and duty',
  args: [{ name: 'APP', summary: 'only this app', required: false, complete: 'app' }],
  flags: [filterFlag],
  examples: [
    ['rehome status', 'everything everywhere'],
    ['rehome status hcn -e test1', 'one app in one environment'],
  ],
  run: async ({ args, flags, output, open, now }) => {
    const operations = await open();
    if (isFailure(operations)) return operations;
    const [app, environment] = [args['APP']?.[0], flags.text('environment')];
    const apps = await operations.status({
      ...(app ? { app } : {}),
      ...(environment ? { environment } : {}),
    });
    if (isFailure(apps)) return apps;
    output.document({ apps });
    output.data(statusText(apps, output, now()));
    return 0;
  },
};

function statusText(apps: readonly AppStatus[], output: Output, now: number): string {
  if (apps.length === 0) return 'Nothing is deployed.';
  const heading = [
    'APP',
    'ENV',
    'HOME',
    'PLATFORM',
    'VERSION',
    'INSTANCES',
    'SHARE',
    'DUTY',
    'PHASE',
    'ADDRESS',
  ];
  const rows = apps.flatMap((app) => app.homes.map((home) => row(app, home, output, now)));
  const [first = '', ...lines] = table(heading, rows);
  const running = apps.filter((app) => app.deployment !== undefined);
  const more = running.map(
    ({ app, environment, deployment, interrupted }) =>
      `${app} in ${environment}: deployment ${deployment} ${interrupted ? `was interrupted; rehome resume ${deployment}` : 'is under way'}`,
  );
  return [output.dataStyle.dim(first), ...lines, ...more].join('\n');
}

function row(app: AppStatus, home: HomeStatus, output: Output, now: number): readonly string[] {
  const look = { marks: marksFor(output.unicode), style: output.dataStyle, columns: 80, now };
  const { dataStyle: paint } = output;
  return [
    paint.bold(app.app),
    app.environment,
    home.home,
    home.platform,
    home.version ?? '-',
    dots(home.instances, look),
    `${home.share} %`,
    home.duty ? 'yes' : 'no',
    home.phase,
    [app.address ?? '', home.remark ? paint.yellow(`(${home.remark})`) : ''].join(' ').trim(),
  ];
}
