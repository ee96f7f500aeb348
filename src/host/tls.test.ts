import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { isFailure } from '../model/failure.ts';
import { realRequest } from './http.ts';

/** Made for this test alone, for localhost, valid for a hundred years. */
const cert = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUS7r+wSEUsa+Q28vNrs0cfhzkNlwwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzE2MTcyMVoYDzIxMjYxMDMw
MTYxNzIxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAR8nfm6YIiJ8u9d0w1cZ66zfzstuYNy4652+sJuojAQopNg0GnjEXD6
UiULvtg2nxEOk1LmGObfidJ1G4JctCqQo28wbTAdBgNVHQ4EFgQU1XqvsKrugXTg
B9iwMBVfpbthnKgwHwYDVR0jBBgwFoAU1XqvsKrugXTgB9iwMBVfpbthnKgwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhAL9mQcMnSS/I4t6M3XEFWtl1mcUWis+1x2rz26MrSz5aAiAh
KAkpXJhyiNMvk2qatrr/yfpIw/s0u1HF07ZIzejxaw==
-----END CERTIFICATE-----`;
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQghAjF+0xkxs37DinW
Ac7Up04OMoQL2KviVMpUeDf2l92hRANCAAR8nfm6YIiJ8u9d0w1cZ66zfzstuYNy
4652+sJuojAQopNg0GnjEXD6UiULvtg2nxEOk1LmGObfidJ1G4JctCqQ
-----END PRIVATE KEY-----`;

test('an own certificate authority is accepted when it is named, and only then', async () => {
  const server = createServer({ cert, key }, (_, response) => response.end('safe'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `https://localhost:${(server.address() as AddressInfo).port}/`;
    const stranger = await realRequest({ url, retries: 0 });
    assert(isFailure(stranger));
    assert.match(stranger.message, /certificate of https:\/\/localhost:\d+ is not accepted/);
    const known = await realRequest({ url, tls: { ca: cert } });
    assert(!isFailure(known));
    assert.equal(known.body, 'safe');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('a client shows its certificate, on connections that are kept; wrong ones are said before anything is sent', async () => {
  const asked: (number | undefined)[] = [];
  const options = { cert, key, ca: cert, requestCert: true, rejectUnauthorized: true };
  const server = createServer(options, (request, response) => {
    asked.push(request.socket.remotePort);
    response.end((request.socket as TLSSocket).getPeerCertificate().subject.CN);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const tls = { ca: cert, cert, key };
    for (let round = 0; round < 2; round++) {
      const known = await realRequest({ url, tls });
      assert(!isFailure(known), JSON.stringify(known));
      assert.equal(known.body, 'localhost');
    }
    assert.equal(new Set(asked).size, 1);
    const named = await realRequest({ url, tls: { ...tls, serverName: 'elsewhere' }, retries: 0 });
    assert(isFailure(named) && /not accepted/.test(named.message));
    assert(!isFailure(await realRequest({ url, tls: { cert, key, insecure: true } })));
    const stranger = await realRequest({ url, tls: { ca: cert }, retries: 0 });
    assert(isFailure(stranger) && stranger.code === 'unreachable');
    const broken = await realRequest({ url, tls: { cert: 'no certificate', key } });
    assert(isFailure(broken) && broken.code === 'wrong-value');
    assert.equal(asked.length, 3);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
