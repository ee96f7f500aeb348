import { isFailure } from '../../../model/failure.ts';
import { openSqliteStore } from '../sqlite.ts';

/** Begins and finishes `count` deployments of one app, competing with others for the lock. Exit 0 when all worked. */
const [path = '', name = '', count = '0'] = process.argv.slice(2);
const store = openSqliteStore(path, { now: Date.now, alive: () => true });
if (isFailure(store)) throw new Error(store.message);

for (let n = 0; n < Number(count); ) {
  const claim = await store.begin({
    id: `${name}-${n}`,
    action: 'deploy',
    app: 'hcn',
    version: '1.0.0',
    environment: 'test1',
    models: {},
    steps: ['one'],
    options: {},
    holder: name,
    owner: { hostname: 'here', pid: process.pid, processStart: '1' },
  });
  if (isFailure(claim)) {
    if (claim.code !== 'lock-held') throw new Error(claim.message);
    continue;
  }
  const recorded = await store.record(claim, { name: 'one', status: 'done', attempts: 1 });
  const finished = await store.finish(claim, { status: 'done' });
  if (recorded || finished) throw new Error(recorded?.message ?? finished?.message);
  n++;
}
store.close();
