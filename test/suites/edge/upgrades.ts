import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Front, HomeStats } from '../../../src/edges/edge.ts';
import { askRaw } from './ask.ts';
import { freePort } from './free-port.ts';
import { type Instance, startInstance } from './instance.ts';
import { type EdgeSuite, type EdgeUnderTest, good, makeFront, setBackends, until } from './under-test.ts';

/** Websockets go through, are counted, and end on both sides together. */
export function testUpgrades(suite: EdgeSuite): void {
  describe('websockets', () => {
    let under: EdgeUnderTest;
    let instance: Instance;
    let front: Front;
    before(async () => {
      under = await suite.start({});
      instance = await startInstance('one');
      front = await makeFront(under, 'chat', { mesos: [instance] }, { mesos: 100 });
    });
    after(async () => {
      await instance?.stop();
      await under?.stop();
    });
    const figures = async (): Promise<HomeStats> => {
      const [home] = good(await under.edge.stats('chat'));
      assert.ok(home);
      return home;
    };

    test('messages pass both ways, small and large, and the connection is counted while it is open', async () => {
      const socket = await openSocket(front);
      assert.equal(await say(socket, 'hello'), 'one: hello');
      const large = 'x'.repeat(1024 * 1024);
      assert.equal(await say(socket, large), `one: ${large}`);
      assert.equal((await figures()).websockets, 1);
      assert.equal((await figures()).inFlight, 0);
      socket.close();
      await until('it is closed', async () => (await figures()).websockets === 0);
      assert.equal((await figures()).errors, 0);
    });

    test('an instance that declines is heard', async () => {
      const { text } = await askRaw(front, handshake('/forbidden'));
      assert.match(text, /^HTTP\/1\.1 401/);
      assert.ok(text.endsWith('no'), text);
    });

    test('a caller that vanishes is gone for the instance as well', async () => {
      const caller = connect({ ...front.address });
      caller.write(handshake('/'));
      await once(caller, 'data');
      assert.equal((await figures()).websockets, 1);
      caller.resetAndDestroy();
      await until('it is closed', async () => (await figures()).websockets === 0);
    });

    test('an instance that dies ends the connection of the caller', async () => {
      const other = await startInstance('two');
      await setBackends(under, front, { mesos: [other.backend] });
      const socket = await openSocket(front);
      const closed = once(socket, 'close');
      await other.stop();
      await closed;
      await until('it is not counted', async () => (await figures()).websockets === 0);
      await setBackends(under, front, { mesos: [instance.backend] });
    });

    test('an instance that refuses the connection is passed over, and with none the caller is told', async () => {
      const dead = { id: 'dead', host: '127.0.0.1', port: await freePort() };
      await setBackends(under, front, { mesos: [dead, instance.backend] });
      for (let n = 0; n < 4; n++) {
        const socket = await openSocket(front);
        assert.equal(await say(socket, `${n}`), `one: ${n}`);
        socket.close();
      }
      await setBackends(under, front, { mesos: [dead] });
      const { text } = await askRaw(front, handshake('/'));
      assert.match(text, /^HTTP\/1\.1 503[\s\S]*No instance of chat in test1/);
    });
  });
}

export async function openSocket({ address }: Front): Promise<WebSocket> {
  const socket = new WebSocket(`ws://${address.host}:${address.port}/chat`);
  await once(socket, 'open');
  return socket;
}

export async function say(socket: WebSocket, text: string): Promise<string> {
  const answer = once(socket, 'message');
  socket.send(text);
  const [event] = (await answer) as [MessageEvent];
  return String(event.data);
}

function handshake(path: string): string {
  const head = `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`;
  return `${head}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
}
