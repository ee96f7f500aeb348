import { testPlatform } from '../../../test/suites/platform.ts';
import { startSupervisor } from '../../../test/support/supervisor.ts';
import { realHost } from '../../host/real.ts';
import { isFailure } from '../../model/failure.ts';
import { type Json, parseJson, record } from '../json.ts';
import { local } from './platform.ts';
import type { LocalSettings } from './settings.ts';

testPlatform({ platform: local, start: startSupervisor, meddle });

const input = [
  'image',
  'command',
  'env',
  'resources',
  'instances',
  'ports',
  'health',
  'rollout',
  'killGraceMs',
];

/** A label of somebody else. */
async function meddle(settings: unknown, app: string) {
  const { http } = realHost();
  const url = `${(settings as LocalSettings).api}/v1/scopes/test1/services/${app}`;
  const live = async (): Promise<Json> => {
    const answer = await http.request({ url });
    return isFailure(answer) ? {} : record(parseJson(answer.body));
  };
  const before = await live();
  const same = Object.fromEntries(input.map((key) => [key, before[key]]));
  await http.request({
    url,
    method: 'PUT',
    json: { ...same, rollout: before['strategy'], labels: { ...record(before['labels']), TEAM: 'blue' } },
  });
  return { stays: async () => record((await live())['labels'])['TEAM'] === 'blue' };
}
