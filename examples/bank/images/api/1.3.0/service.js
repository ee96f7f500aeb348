/**
 * What every service of the bank has in common: HTTP on $PORT, health, version, log lines, and a polite end.
 * An image stands alone, so each one holds this very file.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const { name: app, version } = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8'));
const { HOST = '127.0.0.1', PORT, DRAIN_MS = '1500', MESOS_TASK_ID } = process.env;
const instance = MESOS_TASK_ID ?? `${app}.${process.pid}`;
const stop = new AbortController();

/** Aborts at the polite signal: begin nothing new. */
export const stopping = stop.signal;

/**
 * Answers `routes` (`'GET /accounts/:id': ({ params, body }) => ({ status, json } or { html })`) until TERM.
 * `health` returns what is wrong, or nothing. A worker has no PORT: then nobody asks, and only TERM matters.
 */
export function serve(routes, health = () => undefined) {
  const server = PORT === undefined ? undefined : listen({ ...ownRoutes(health), ...routes });
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => drain(server));
}

/** Where the bank keeps its data, made if need be. BANK_DATA is relative to the image's folder. */
export function dataFolder(...parts) {
  const folder = resolve(process.env.BANK_DATA ?? 'data', ...parts);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** One log line: JSON, so that machines can sort it. */
export function log(level, message, more = {}) {
  const tag = process.env.LOGSTASH_TAG;
  const line = { at: new Date().toISOString(), level, app, version, tag, message, ...more };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** One request to another app. Returns { status, json }; without an answer it throws, and ours is 502. */
export function call(base, path, { method = 'GET', json } = {}) {
  const url = new URL(path, base);
  const headers = json ? { 'content-type': 'application/json' } : {};
  return new Promise((done, failed) => {
    const outgoing = request(url, { method, headers, agent: false, timeout: 5_000 }, (answer) => {
      readJson(answer).then((body) => done({ status: answer.statusCode, json: body }), failed);
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within 5 s')));
    outgoing.on('error', (error) => failed(new Error(`${url} does not answer: ${error.message}`)));
    outgoing.end(json && JSON.stringify(json));
  });
}

function ownRoutes(health) {
  return {
    'GET /health': () => {
      const why = health();
      return why ? { status: 500, json: { ok: false, why } } : { json: { ok: true } };
    },
    'GET /version': () => ({ json: { app, version, instance } }),
  };
}

function listen(table) {
  const server = createServer((incoming, response) => respond(table, incoming, response));
  // Longer than any proxy keeps a connection: who is asked must not be the one who closes.
  server.keepAliveTimeout = 75_000;
  server.listen(Number(PORT), HOST, () => log('info', 'listening', { port: server.address().port }));
  return server;
}

async function respond(table, incoming, response) {
  const { status = 200, html, json } = await handle(table, incoming);
  if (stopping.aborted) response.setHeader('connection', 'close');
  response.setHeader('content-type', html ? 'text/html; charset=utf-8' : 'application/json');
  response.writeHead(status).end(html ?? `${JSON.stringify(json)}\n`);
  if (status < 500) return;
  log('error', `${incoming.method} ${incoming.url}`, { status, why: json.why ?? json.error });
}

async function handle(table, incoming) {
  try {
    const { pathname } = new URL(incoming.url, 'http://any');
    for (const [route, handler] of Object.entries(table)) {
      const params = match(route, incoming.method, pathname);
      if (params) return await handler({ params, body: await readJson(incoming) });
    }
    return { status: 404, json: { error: `${app} has no ${incoming.method} ${incoming.url}` } };
  } catch (error) {
    const bad = error instanceof SyntaxError || error instanceof URIError || error.code === 'ERR_INVALID_URL';
    return { status: bad ? 400 : 502, json: { error: error.message } };
  }
}

/** The values of `:names` in the route, or undefined where it is another one. */
function match(route, method, path) {
  const [wantedMethod, wantedPath] = route.split(' ');
  const wanted = wantedPath.split('/');
  const found = path.split('/');
  if (method !== wantedMethod || wanted.length !== found.length) return undefined;
  const params = {};
  for (const [position, part] of wanted.entries()) {
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(found[position]);
    else if (part !== found[position]) return undefined;
  }
  return params;
}

async function readJson(stream) {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += chunk;
  return text ? JSON.parse(text) : undefined;
}

/**
 * A lame duck: for a while it serves on, telling each caller to come back on another connection; then it takes
 * no more and ends as soon as the last answer is out.
 */
async function drain(server) {
  stop.abort();
  if (!server) return;
  log('info', 'draining', { ms: Number(DRAIN_MS) });
  await sleep(Number(DRAIN_MS));
  server.close(() => log('info', 'stopped'));
}
