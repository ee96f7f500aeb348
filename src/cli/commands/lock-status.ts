import { isFailure } from '../../model/failure.ts';
import type { Lock } from '../../store/store.ts';
import { filterFlag } from '../arguments/known-flags.ts';
import type { Command } from '../command.ts';
import { localTime } from '../output/local-time.ts';
import { table } from '../output/table.ts';

export const command: Command = {
  name: 'lock status',
  summary: 'show who holds which lock and since when',
  args: [{ name: 'APP', summary: 'only this app', required: false, complete: 'app' }],
  flags: [filterFlag],
  examples: [['rehome lock status', 'all locks']],
  run: async ({ args, flags, output, open }) => {
    const operations = await open();
    if (isFailure(operations)) return operations;
    const all = await operations.locks();
    if (isFailure(all)) return all;
    const [app, environment] = [args['APP']?.[0], flags.text('environment')];
    const locks = all.filter(
      (lock) => (!app || lock.app === app) && (!environment || lock.environment === environment),
    );
    output.document({ locks });
    output.data(locksText(locks).join('\n'));
    return 0;
  },
};

function locksText(locks: readonly Lock[]): readonly string[] {
  if (locks.length === 0) return ['No locks are held.'];
  const rows = locks.map((lock) => [
    lock.app,
    lock.environment,
    lock.deployment,
    lock.holder,
    localTime(lock.since),
    lock.alive === undefined ? 'on another machine' : lock.alive ? 'alive' : 'gone',
  ]);
  return table(['APP', 'ENV', 'DEPLOYMENT', 'HOLDER', 'SINCE', 'PROCESS'], rows);
}
