/** See `Platform.notes`. */
export const notes: Readonly<Record<string, string>> = {
  'schedule-undecided':
    'Chronos takes repeating intervals only (R//PT30M). A cron expression is converted where both tick at the very same moments for ever; this one has no such interval. Write `schedule:` beside `cron:`, and decide what Chronos shall do.',
  'no-chronos':
    'The app has crons, migrations or tasks, and the home in rehome.yaml names no Chronos to run them. Add `chronos: URL`.',
  'name-collision':
    'Two parts of the app would be one object of Marathon or Chronos. Give one of them another name.',
  'job-not-stored':
    'One-off tasks such as migrations become jobs of Chronos when they run. Before and after there is nothing to see or to compare in the home.',
  'routes-combined':
    'Marathon-LB reads one list of hosts, one list of paths and one list of groups from an app, and serves every path on every host to every group. Routes that differ in more than that are served more widely than they say.',
  'path-without-host':
    'Marathon-LB looks at HAPROXY_0_PATH only where HAPROXY_0_VHOST is there too. Give the route a host.',
  'whitelist-dropped':
    'Marathon-LB has no list of allowed callers for an app. Guard the route in front of it.',
  'route-without-service': 'A route leads to a service, and the app has none.',
  'whole-seconds': 'Marathon counts in whole seconds. Times are rounded up.',
  'second-failure':
    'Marathon replaces an instance at one failure more than maxConsecutiveFailures says, and 0 means never; so the second failure is the earliest.',
  'cpu-limit-by-agent':
    'Whether an app may use more than its share of a CPU is decided by --cgroups_enable_cfs of the Mesos agents, for all apps alike.',
  'secret-in-plain-env':
    'Marathon and Chronos keep an env as plain text and show it to whoever may read them. rehome never shows or stores the value.',
  'not-in-model':
    'A live object has a field that the model has no word for. A deploy leaves it as it is where it can; an import does not carry it.',
  'args-quoted':
    'Arguments that were executed without a shell are read as one shell command that does the same.',
  'port-unknown':
    'The app listens where $PORT says. A home where each instance has its own network needs a number: set `port:` in the manifest or in conventions.',
};
