import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cron } from 'croner';
import { nextStart, parseInterval } from '../../model/interval.ts';
import { cronToIso } from './cron-to-iso.ts';

const exact: Readonly<Record<string, string>> = {
  '* * * * *': 'PT1M',
  '*/15 * * * *': 'PT15M',
  '5/20 * * * *': 'PT20M',
  '3,33 * * * *': 'PT30M',
  '30 0/1 * * *': 'PT1H',
  '0 */6 * * *': 'PT6H',
  '10 1/12 * * *': 'PT12H',
  '15 3 * * *': 'P1D',
  '0 8 * * MON': 'P1W',
  '0 8 * * 7': 'P1W',
  '0 0 1 * *': 'P1M',
  '45 23 28 2/3 *': 'P3M',
  '0 12 24 DEC *': 'P1Y',
};

for (const [cron, period] of Object.entries(exact)) {
  test(`${cron} and its ${period} tick at the same moments`, () => {
    const iso = cronToIso(cron);
    assert(iso);
    const interval = parseInterval(iso);
    assert.equal(interval?.period.text, period);
    assert(interval?.start !== undefined);
    const clock = new Cron(cron, { timezone: 'UTC', paused: true, sloppyRanges: true });
    for (let at = Date.UTC(2026, 10, 23, 7, 5), n = 0; n < 100; n++) {
      const next = clock.nextRun(new Date(at))?.getTime() ?? 0;
      assert.equal(nextStart(interval.start, interval.period, at), next, new Date(at).toISOString());
      at = next;
    }
  });
}

const undecided = [
  '*/45 * * * *',
  '0 */5 * * *',
  '0 0 */2 * *',
  '0 0 31 * *',
  '0 0 1 * MON',
  '0 9-17 * * *',
  '0 0 * * MON-FRI',
  '0 0 0 * * *',
  'hourly',
  '61 * * * *',
  '0 0 1 2,5 *',
];

for (const cron of undecided) {
  test(`${cron} is left to a person`, () => assert.equal(cronToIso(cron), undefined));
}

test('where clocks change, only what keeps away from that is exact', () => {
  const berlin = (cron: string) => cronToIso(cron, 'Europe/Berlin');
  assert.equal(berlin('30 2 * * *'), undefined);
  assert.match(berlin('30 4 * * *') ?? '', /P1D$/);
  assert.equal(berlin('0 */6 * * *'), undefined);
  assert.match(berlin('*/10 * * * *') ?? '', /PT10M$/);
  assert.match(cronToIso('30 2 * * *', 'Asia/Tokyo') ?? '', /P1D$/);
  assert.equal(cronToIso('30 2 * * *', 'Nowhere/Land'), undefined);
});
