import { until } from '../../../test/suites/platform/under-test.ts';
import { testPlatform } from '../../../test/suites/platform.ts';
import { startCluster } from '../../../test/support/cluster.ts';
import { realHost } from '../../host/real.ts';
import { isFailure } from '../../model/failure.ts';
import { list, parseJson, record } from '../json.ts';
import { mesos } from './platform.ts';
import type { MesosSettings } from './settings.ts';

testPlatform({ platform: mesos, start: startCluster, meddle });

/** A label and a constraint of somebody else. */
async function meddle(settings: unknown, app: string) {
  const { http } = realHost();
  const url = `${(settings as MesosSettings).marathon}/v2/apps/${app}`;
  const before = await live();
  await http.request({
    url,
    method: 'PUT',
    json: { labels: { ...record(before['labels']), TEAM: 'blue' }, dependencies: ['/other'] },
  });

  await until('the change is carried out', async () => list((await live())['deployments']).length === 0);

  async function live() {
    const answer = await http.request({ url });
    return isFailure(answer) ? {} : record(record(parseJson(answer.body))['app']);
  }
  return {
    async stays() {
      const now = await live();
      return record(now['labels'])['TEAM'] === 'blue' && String(now['dependencies']) === '/other';
    },
  };
}
