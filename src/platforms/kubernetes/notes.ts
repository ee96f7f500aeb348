/** See `Platform.notes`. */
export const notes: Readonly<Record<string, string>> = {
  'any-host':
    'A route without a host answers every request of its path for which no other Ingress or HTTPRoute names the host. Give it a host, or `domain:` to the environment.',
  'args-quoted':
    'A command that was executed without a shell is read as one shell command that does the same.',
  'args-without-command':
    "The container gives arguments to the image's own entry point, which only the image knows. Write the whole `command:` in the manifest.",
  'audiences-combined':
    'The routes of the app are meant for several groups of callers, and one class of Ingress or one Gateway serves them all. Where the groups must be apart, use two homes or guard the route in front of it.',
  'case-matters':
    'The route ignores case, as `haproxy_0_path: "-i /api"` does. Paths of an Ingress or HTTPRoute are matched as they are written; requests with other capitals get 404.',
  'edge-not-an-address':
    'While an app lives in two homes, its Service in the cluster leads to the edge through an EndpointSlice, which takes IP addresses only, and none of the loopback range. Set `edge:` in the home.',
  'edge-unknown':
    'The app lives in another home too, and its own name in the cluster should lead to the edge, which knows the shares. Set `edge:` in the home to the address where pods reach it.',
  'host-not-covered':
    'A wildcard certificate covers one label: `*.test1.anna.money` serves `hcn.test1.anna.money` only. Another host needs `tls: {mode: per-host}`, or a host under the domain.',
  'job-not-stored':
    'One-off tasks such as migrations become Jobs when they run. Before there is nothing to see or to compare in the home.',
  'name-changed':
    'Names of Kubernetes have lower-case letters, digits and dashes, and a CronJob at most 52 of them. Any other name is made readable and gets a hash of itself, so that two never become one; the original stands in the annotation rehome/model.',
  'name-collision': 'Two parts of the app would be one object. Give one of them another name.',
  'not-in-model':
    'A live object has a field that the model has no word for. A deploy leaves it as it is where somebody else manages it; an import does not carry it.',
  'path-by-element':
    'Kubernetes matches a prefix by whole elements of the path: /api serves /api and /api/x. HAProxy compares characters, so that /apix was served as well.',
  'path-type':
    'A path that had to match exactly, or by a rule of the controller, is read as a prefix, which serves more.',
  'port-assumed':
    'The manifest gives no port: the app listens where $PORT says. In a pod any port will do, so it is told one. Set `port:` in the manifest or in conventions for another.',
  'readiness-by-port':
    'Without a health check traffic waits until the port is open, and an instance that hangs is never replaced. Add `health:` to the manifest or to conventions.',
  'replaces-runs':
    'concurrencyPolicy: Replace ends a run that is still going when the next one is due. rehome never ends a run; the next one is left out.',
  'resources-differ':
    'Request and limit are different amounts, and the model has one. The next deploy writes it for both.',
  'resources-unknown':
    'The container says nothing about its CPU or memory. Little is assumed; set `cpu:` and `mem:` in the manifest.',
  'route-not-served':
    'The home names no Ingress class and no Gateway, so the routes of the app lead nowhere in it. They are kept for other homes and for the edge.',
  'route-without-service': 'A route leads to a service with a port, and the app has none.',
  'schedule-by-every':
    "No cron line ticks at the moments of the interval, so the home counts it from when the cron was armed (`@every`). The distance of runs is right, the time of day is anybody's guess. Kubernetes supports it without promising it.",
  'schedule-slowed':
    'A CronJob starts at most one run in a minute, and the home says `intervals: slowed`: what is meant to run more often runs once a minute. Where every run counts, let a service do it.',
  'schedule-inexact':
    'A CronJob takes a cron line, and none ticks at the moments of the interval: PT45M, P2D, or one that ends after some runs. Write `cron:` beside `schedule:` and decide what Kubernetes shall do, or set `intervals: every` in the home.',
  'secret-reference':
    'A reference to a Secret of the cluster names the Secret and one key of it: `kubernetes:NAME/KEY`.',
  'service-renamed':
    'The Service of an app bears its name, so that `http://account` reaches it. Whoever calls the old name needs a Service of that name for a while.',
  'shell-variable':
    'The command refers to a variable that has no value in the clear. Kubernetes would put it in before the command starts; the shell does so when it runs.',
  'start-is-phase':
    'The start of an interval says at which moments a cron ticks. A CronJob does not wait for it to come.',
  'strategy-recreate':
    'Recreate ends every instance before a new one starts. It becomes a rollout that may have none for a while; where two versions must never run at once, the app has to see to it.',
  'term-stays-in-shell':
    "Mesos sends TERM to every process of a task, Kubernetes to the first one only. The first process here is the shell of the command; many shells, Debian's among them, wait for the command and ignore TERM. The app is then ended by KILL when its time is over, requests in flight included. `forward_term: true` in the home passes TERM on for every app; `exec` in front of a command puts the app in the shell's place.",
  'tls-at-gateway':
    'With the Gateway API certificates belong to the listeners of the Gateway, which somebody else looks after. cert-manager reads its annotation there.',
  'whitelist-dropped':
    "Neither Ingress nor HTTPRoute has a list of allowed callers that every controller knows. Guard the route in front of it, or by annotations of the home's Ingresses.",
  'whole-seconds': 'Kubernetes counts in whole seconds. Times are rounded up.',
  'written-otherwise':
    'A live object has another value than the one that rehome writes in every home like this. The next deploy sets it.',
  'zone-unknown':
    'A CronJob without a timeZone follows the clock of the controller manager, which is UTC in most clusters. Set a timezone in the manifest where it is not.',
};
