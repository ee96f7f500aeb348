import { createHash } from 'node:crypto';
import {
  type FrontModel,
  type HaproxyModel,
  type HomeModel,
  internalSocket,
  names,
  overServer,
  type Slot,
} from './model.ts';
import { splitOf } from './split.ts';

/** The whole configuration. What the Runtime API changes stands in it as it is now: a reload changes nothing. */
export function renderConfig(model: HaproxyModel): string {
  const { environment, fronts } = model;
  return [
    '# Written by rehome. Changes by hand are overwritten; shares are in the map, see docs/haproxy.md.',
    ...globalPart(model),
    ...defaultsPart(model),
    ...ringPart(model),
    ...fronts.flatMap((front) => frontPart(model, front)),
    '',
    '# Its name says what this configuration is made of.',
    `backend ${names.made(environment, madeOf(model))}`,
    '',
  ].join('\n');
}

/** One line an app: `environment:app ends`, see `splitOf`. */
export function renderMap({ environment, fronts }: Pick<HaproxyModel, 'environment' | 'fronts'>): string {
  return fronts.map((front) => `${names.front(environment, front.app)} ${splitOfFront(front)}\n`).join('');
}

export function splitOfFront({ homes, shares }: FrontModel): string {
  return splitOf(
    homes.map(({ home }) => home),
    shares,
  );
}

/** Tells two models apart that one running HAProxy cannot both be: what only a reload changes. */
export function madeOf(model: HaproxyModel): string {
  const blank = model.fronts.map((front) => ({
    ...front,
    shares: {},
    homes: front.homes.map(({ home, slots }) => ({
      home,
      slots: slots.map((): Slot => ({ state: 'free' })),
    })),
  }));
  const parts = [
    ...globalPart(model),
    ...defaultsPart(model),
    ...ringPart(model),
    ...blank.flatMap((front) => frontPart(model, front)),
  ];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}

function globalPart({ paths, options }: HaproxyModel): readonly string[] {
  const own = [
    `  stats socket unix@${paths.stats} mode 600 level admin expose-fd listeners`,
    '  stats timeout 1h',
    `  hard-stop-after ${options.hardStopAfter}`,
    ...(options.threads ? [`  nbthread ${options.threads}`] : []),
  ];
  return ['global', ...(paths.stats ? own : []), `  lua-load-per-thread ${quoted(paths.lua)}`, ''];
}

function defaultsPart({ options }: HaproxyModel): readonly string[] {
  const lost = 'The instance ended before it answered. Whether the request was carried out is not known.';
  const late = 'The instance did not answer in time. Whether the request was carried out is not known.';
  return [
    'defaults',
    '  mode http',
    `  timeout connect ${options.connectMs}ms`,
    '  # Callers and instances decide how long an answer takes.',
    '  timeout client 1h',
    '  timeout server 1h',
    '  timeout tunnel 24h',
    '  timeout http-request 60s',
    '  timeout http-keep-alive 75s',
    '  option dontlognull',
    '  option clitcpka',
    '  option srvtcpka',
    '  option abortonclose',
    '  option http-no-delay',
    '  option idle-close-on-response',
    '  option redispatch 1',
    '  balance roundrobin',
    `  http-error status 502 content-type "text/plain; charset=utf-8" string "${lost}\\n"`,
    `  http-error status 504 content-type "text/plain; charset=utf-8" string "${late}\\n"`,
    '',
  ];
}

/** Each request's home and time, told to the daemon; what it does not hear is lost, and nobody waits for it. */
function ringPart({ environment, paths }: HaproxyModel): readonly string[] {
  return [
    `ring ${names.ring(environment)}`,
    '  format raw',
    '  maxlen 1024',
    '  size 1048576',
    '  timeout connect 1s',
    '  timeout server 10s',
    `  server daemon ${quoted(`unix@${paths.log}`)}`,
    '',
  ];
}

function frontPart(model: HaproxyModel, front: FrontModel): readonly string[] {
  const { environment, paths } = model;
  const { app, address, also, homes, cohortCookie: cookie } = front;
  const pool = (home: string) => names.pool(environment, app, home);
  const again = names.again(environment, app);
  const inner = internalSocket(paths.scope, again);
  return [
    `frontend ${names.front(environment, app)}`,
    ...[address.host, ...also].map((host) => `  bind ${boundAt(host, address.port)}`),
    `  bind ${inner} id 900`,
    ...logPart(model),
    '  acl inner so_id 900',
    '  acl websocket req.hdr(upgrade) -i websocket',
    ...methodPart,
    '  # The instance is to see the path: a caller may send the absolute form, meant for proxies.',
    '  http-request set-uri %[pathq] if { url -m beg -i http:// https:// }',
    '  # Headers that are for one connection stay behind.',
    '  http-request lua.rehome_hop if { req.hdr(connection) -m found }',
    ...['keep-alive', 'proxy-connection', 'proxy-authorization', 'http2-settings', 'x-rehome-over'].map(
      (name) => `  http-request del-header ${name}`,
    ),
    '  http-request del-header upgrade if !websocket',
    '  http-request del-header connection if !websocket',
    '  http-request set-header te trailers if { req.hdr(te) -m sub -i trailers }',
    '  http-request del-header te if !{ req.hdr(te) trailers }',
    '  http-request add-header x-forwarded-for %[src] if !inner',
    '  http-request set-header x-forwarded-proto http if !{ req.hdr(x-forwarded-proto) -m found }',
    '  http-request set-header x-forwarded-port %[dst_port] if !{ req.hdr(x-forwarded-port) -m found }',
    '  http-request set-header x-forwarded-host %[req.hdr(host)] if { req.hdr(host) -m found } !{ req.hdr(x-forwarded-host) -m found }',
    '  http-request set-var(txn.last) int(1) if { req.hdr(expect) -m found } or websocket',
    '  http-response del-header keep-alive',
    '  # A body that was held back and is not wanted leaves the connection in the middle of a message.',
    '  http-after-response set-header connection close if { var(txn.last) -m found } { status ge 300 }',
    ...retryPart(model, app),
    '  # The place of the request between the homes; a caller with the cookie always has the same one.',
    '  http-request set-var(txn.place) rand(10000)',
    ...(cookie
      ? [
          `  http-request set-var(txn.place) req.cook(${cookie}),xxh32,mod(10000) if { req.cook(${cookie}) -m found }`,
        ]
      : []),
    splitPart(model, front),
    '  # HAProxy closes a kept connection without a word when its request is lost, and browsers then send even a POST',
    '  # a second time. As the first one of a connection, it gets an answer.',
    `  use_backend ${again} if !safe !inner !websocket !{ http_first_req }`,
    ...homes
      .slice(0, -1)
      .flatMap(({ home }, at) => [
        `  use_backend ${pool(home)} if { var(txn.split),field(${at + 1},:),add(0),sub(txn.place) gt 0 }`,
      ]),
    `  default_backend ${pool(homes.at(-1)?.home ?? '')}`,
    '',
    `backend ${again}`,
    '  http-reuse never',
    '  option httpclose',
    `  server again ${inner}`,
    '',
    ...homes.flatMap((home) => homePart(model, front, home)),
  ];
}

function homePart(model: HaproxyModel, front: FrontModel, { home, slots }: HomeModel): readonly string[] {
  const { environment, paths, options } = model;
  const { app, homes } = front;
  const over = names.over(environment, app, home);
  const socket = internalSocket(paths.scope, over);
  const nobody = `No instance of ${app} in ${environment} takes requests at the moment. Nothing was carried out.\\n`;
  const unavailable = `content-type "text/plain; charset=utf-8" hdr Retry-After 1`;
  const all = homes.map((one) => one.home).join(',');
  const front_ = names.front(environment, app);
  return [
    `backend ${names.pool(environment, app, home)}`,
    '  # When instances die, connections that were kept to them fail one after the other; these count as tries too.',
    '  retries 10',
    `  retry-on ${retryOf(model, app) === 'none' ? 'conn-failure' : 'conn-failure empty-response'}`,
    '  # What never ends by itself, by server.',
    '  stick-table type string len 16 size 1k expire 10m store conn_cur',
    '  http-response track-sc0 srv_name if { status 101 } or { res.hdr(content-type) -m beg -i text/event-stream }',
    `  http-error status 503 ${unavailable} string "${nobody}"`,
    '  default-server check inter 1s downinter 100ms fall 2 rise 1 observe layer4 error-limit 1 on-error mark-down',
    ...slots.map((slot, index) => serverLine(index, slot)),
    '  # Never to a home without a share.',
    `  server ${overServer} ${socket} backup no-check`,
    '',
    `frontend ${over}`,
    `  bind ${socket}`,
    ...logPart(model),
    ...methodPart,
    '  stick-table type string len 320 size 1k expire 24d store conn_cnt',
    ...retryPart(model, app),
    splitPart(model, front),
    `  http-request lua.rehome_over ${front_} ${home} ${all} ${options.waitMs}`,
    `  http-request return status 503 ${unavailable} string "${nobody}" if !{ var(txn.go) -m found }`,
    '  http-request track-sc1 var(txn.go)',
    '  use_backend %[var(txn.go)]',
    '',
  ];
}

function logPart({ environment }: HaproxyModel): readonly string[] {
  return [
    `  log ring@${names.ring(environment)} local0`,
    '  log-format "%b %s %[var(txn.us)] %ST %pid"',
    '  option logasap',
    '  http-request set-var(txn.began) date(0,us)',
    '  http-response set-var(txn.us) date(0,us),sub(txn.began)',
  ];
}

const methodPart = [
  '  acl safe method GET HEAD OPTIONS',
  '  acl has_body req.hdr(transfer-encoding) -m found',
  '  acl has_body req.hdr_val(content-length) gt 0',
];

function retryPart(model: HaproxyModel, app: string): readonly string[] {
  if (retryOf(model, app) !== 'safe') return [];
  return [
    '  # What may have changed something is never sent twice.',
    '  http-request disable-l7-retry if !safe',
    '  http-request disable-l7-retry if has_body',
  ];
}

function retryOf({ options }: HaproxyModel, app: string) {
  return options.retryOf[app] ?? options.retry;
}

/** What holds where the map has lost the app is the share as it was last written. */
function splitPart({ environment, paths }: HaproxyModel, front: FrontModel): string {
  const key = names.front(environment, front.app);
  return `  http-request set-var(txn.split) str(${key}),map_str(${paths.map},${splitOfFront(front)})`;
}

function serverLine(index: number, { backend, state }: Slot): string {
  const at = backend ? boundAt(backend.host, backend.port) : '127.0.0.1:1';
  return `  server ${names.slot(index)} ${at}${state === 'ready' ? '' : ' disabled'}`;
}

/** IPv6 addresses stand in brackets, so that the port is told from them. */
export function boundAt(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function quoted(text: string): string {
  return `'${text}'`;
}
