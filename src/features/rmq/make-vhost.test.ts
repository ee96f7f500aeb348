import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { lacksRabbit, type Rabbit, startRabbit } from '../../../test/support/rabbitmq.ts';
import { must } from '../../../test/support/workspace.ts';
import { realHost } from '../../host/real.ts';
import type { Env } from '../../model/app.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import { makeVhost } from './make-vhost.ts';

const context = {
  http: realHost().http,
  reveal: (value: Env[string]) =>
    typeof value === 'string'
      ? value
      : value.ref === 'env:ADMIN'
        ? 'admin'
        : fail('missing-secret', value.ref),
  signal: new AbortController().signal,
};
const secret = (ref: string) => ({ kind: 'Secret', ref }) as const;

describe('a vhost on a real RabbitMQ', { skip: lacksRabbit() }, () => {
  let rabbit: Rabbit;
  before(async () => {
    rabbit = await startRabbit();
    await rabbit.ask('users/a%40b', 'PUT', { password: 'x', tags: '' });
  });
  after(async () => await rabbit?.[Symbol.asyncDispose]());

  const make = (url: string, more: Env = {}) => {
    const management = rabbit.management.replace('//', '//admin@');
    return makeVhost({ url, management, password: secret('env:ADMIN'), ...more }, context);
  };
  const refusal = async (made: Promise<string | undefined | Failure>) => {
    const failure = await made;
    assert.ok(isFailure(failure), JSON.stringify(failure));
    return `${failure.code}: ${failure.message}`;
  };

  test('is made once, with permissions for the user of the URL, whatever the names', async () => {
    for (const [path, vhost] of [
      ['%2F-dark', '/-dark'],
      ['hcn-dark', 'hcn-dark'],
      ['%C3%A4%20b%2Fc%25-dark', 'ä b/c%-dark'],
    ] as const) {
      const url = `amqp://a%40b@127.0.0.1:1/${path}`;
      assert.equal(must(await make(url)), `the vhost ${vhost}, permissions of a@b in it`);
      assert.equal(await make(url), undefined);
      const got = await rabbit.ask(`permissions/${encodeURIComponent(vhost)}/a%40b`);
      assert.deepEqual(got, { user: 'a@b', vhost, configure: '.*', write: '.*', read: '.*' });
    }
  });

  test('says why it cannot be made', async () => {
    const url = 'amqp://a%40b@127.0.0.1:1/x-dark';
    assert.match(await refusal(make(url, { password: 'wrong' })), /^refused: .* does not take the user of/);
    assert.match(await refusal(make('amqp://nobody@h/x-dark')), /^refused: .*permissions\/x-dark\/nobody/);
    assert.match(await refusal(make(url, { management: 'http://admin@127.0.0.1:1' })), /^unreachable: /);
    assert.match(await refusal(make(url, { password: secret('env:NONE') })), /^missing-secret: env:NONE/);
    assert.match(await refusal(make('somewhere')), /^wrong-value: `twin` of the feature rmq is no URL/);
    assert.match(await refusal(make(url, { management: 'host' })), /^wrong-value: `management` of/);
  });
});
