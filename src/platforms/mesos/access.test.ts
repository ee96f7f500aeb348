import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeHost, memoryFiles } from '../../host/fake.ts';
import { fail, isFailure } from '../../model/failure.ts';
import { accessTo } from './access.ts';
import { type MesosSettings, settings } from './settings.ts';

const files = memoryFiles(new Map([['/ws/ca.pem', 'PEM']]));
const context = {
  host: fakeHost({ files }),
  environment: 'e',
  home: 'h',
  root: '/ws',
  reveal: ({ ref }: { ref: string }) =>
    ref === 'env:PW' ? 's3cret' : fail('missing-secret', `${ref} leads nowhere`),
};
const access = (more: Partial<MesosSettings>) => accessTo({ marathon: 'http://m', ...more }, context)();

test('a user, a token, or nobody; references are looked up, words are taken as they are', () => {
  assert.deepEqual(access({}), { headers: {} });
  const basic = `Basic ${Buffer.from('me:s3cret').toString('base64')}`;
  assert.deepEqual(access({ user: 'me', password: 'env:PW' }), { headers: { authorization: basic } });
  assert.deepEqual(access({ token: 'env:PW' }), { headers: { authorization: 'token=s3cret' } });
});

test('what leads nowhere is a failure', () => {
  const lost = access({ user: 'me', password: 'env:NO' });
  assert(isFailure(lost) && lost.code === 'missing-secret');
  assert.deepEqual(access({ ca: 'ca.pem' }), { headers: {}, tls: { ca: 'PEM' } });
  const absent = access({ ca: 'none.pem' });
  assert(isFailure(absent) && absent.message.includes('/ws/none.pem'));
});

test('settings: addresses are URLs or the word lab, and unknown keys are errors', () => {
  assert.equal(settings.safeParse({ marathon: 'lab', chronos: 'https://c:4400/x' }).success, true);
  for (const wrong of [
    {},
    { marathon: 'm:8080' },
    { marathon: 'lab', chronos_api: 'v2' },
    { marathon: 'lab', kronos: 'lab' },
  ])
    assert.equal(settings.safeParse(wrong).success, false, JSON.stringify(wrong));
});
