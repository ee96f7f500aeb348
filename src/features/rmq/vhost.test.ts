import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { darkVhost, vhostOf } from './vhost.ts';

test('the vhost gets its ending, and nothing else changes', () => {
  for (const [url, dark] of [
    ['amqp://rmq:5672/hcn', 'amqp://rmq:5672/hcn-dark'],
    ['amqps://u:p%40@rmq/hcn?heartbeat=5', 'amqps://u:p%40@rmq/hcn-dark?heartbeat=5'],
    ['amqp://rmq', 'amqp://rmq/%2F-dark'],
    ['amqp://rmq/', 'amqp://rmq/%2F-dark'],
    ['amqp://rmq/%2F', 'amqp://rmq/%2F-dark'],
    ['amqp://rmq?heartbeat=5', 'amqp://rmq/%2F-dark?heartbeat=5'],
    ['pyamqp://one:5672,two:5672/team/hcn', 'pyamqp://one:5672,two:5672/team/hcn-dark'],
  ] as const) {
    assert.equal(darkVhost(url), dark);
  }
  for (const none of ['', 'rmq:5672', 'amqp://', 'amqp://a/x;amqp://b/x', 'amqp://a/x,amqp://b/x']) {
    assert.equal(darkVhost(none), undefined, none);
  }
});

test('whom a URL lets in where, and that its twin is never the same place', () => {
  assert.deepEqual(vhostOf('amqp://a%40b:secret@rmq:5672/h%2Fn?x=1'), { user: 'a@b', vhost: 'h/n' });
  assert.deepEqual(vhostOf('amqp://rmq'), { user: 'guest', vhost: '/' });
  assert.equal(vhostOf('amqp://rmq/%'), undefined);
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (user, vhost) => {
      const url = `amqp://${encodeURIComponent(user)}:x@h:1/${encodeURIComponent(vhost)}?a=b`;
      assert.deepEqual(vhostOf(url), { user: user || 'guest', vhost: vhost || '/' });
      assert.deepEqual(vhostOf(darkVhost(url) ?? ''), {
        user: user || 'guest',
        vhost: `${vhost || '/'}-dark`,
      });
    }),
  );
});
