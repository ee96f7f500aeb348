/** Versions of the state file. Times are ISO 8601 in UTC; JSON columns hold what the types in store.ts say. */
export const upgrades: readonly string[] = [
  `
  CREATE TABLE deployments (
    id TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL,
    action TEXT NOT NULL,
    app TEXT NOT NULL,
    version TEXT NOT NULL,
    schema TEXT,
    environment TEXT NOT NULL,
    status TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    holder TEXT NOT NULL,
    owner TEXT,
    token INTEGER NOT NULL,
    models TEXT NOT NULL,
    options TEXT NOT NULL,
    failure TEXT,
    cancel INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX deployments_by_app ON deployments (app, environment, sequence);
  CREATE INDEX deployments_by_status ON deployments (status);

  CREATE TABLE steps (
    deployment TEXT NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    started_at TEXT,
    finished_at TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    message TEXT,
    log TEXT,
    output TEXT,
    PRIMARY KEY (deployment, name)
  ) STRICT;

  CREATE TABLE locks (
    app TEXT NOT NULL,
    environment TEXT NOT NULL,
    deployment TEXT NOT NULL,
    holder TEXT NOT NULL,
    since TEXT NOT NULL,
    PRIMARY KEY (app, environment)
  ) STRICT;

  CREATE TABLE approvals (deployment TEXT NOT NULL, holder TEXT NOT NULL, at TEXT NOT NULL) STRICT;

  CREATE TABLE residences (
    app TEXT NOT NULL,
    environment TEXT NOT NULL,
    homes TEXT NOT NULL,
    PRIMARY KEY (app, environment)
  ) STRICT;

  CREATE TABLE schemas (
    app TEXT NOT NULL,
    environment TEXT NOT NULL,
    schema TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (app, environment, schema)
  ) STRICT;

  CREATE TABLE addresses (
    environment TEXT NOT NULL,
    app TEXT NOT NULL,
    port INTEGER NOT NULL,
    PRIMARY KEY (environment, app)
  ) STRICT;
  `,
  `
  CREATE TABLE moves (
    id TEXT PRIMARY KEY,
    app TEXT NOT NULL,
    environment TEXT NOT NULL,
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    status TEXT NOT NULL,
    direction TEXT NOT NULL,
    paused INTEGER NOT NULL,
    finish INTEGER NOT NULL,
    approved REAL NOT NULL,
    phase TEXT NOT NULL,
    why TEXT NOT NULL,
    shares TEXT NOT NULL,
    plan TEXT NOT NULL,
    marks TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    next_at TEXT,
    holder TEXT NOT NULL,
    owner TEXT,
    token INTEGER NOT NULL,
    failure TEXT
  ) STRICT;
  CREATE INDEX moves_by_app ON moves (app, environment, status);

  CREATE TABLE move_events (
    sequence INTEGER PRIMARY KEY,
    move TEXT NOT NULL REFERENCES moves (id) ON DELETE CASCADE,
    event TEXT NOT NULL
  ) STRICT;
  CREATE INDEX move_events_by_move ON move_events (move, sequence);
  `,
  `
  CREATE TABLE readings (
    app TEXT NOT NULL,
    environment TEXT NOT NULL,
    home TEXT NOT NULL,
    at TEXT NOT NULL,
    requests TEXT NOT NULL,
    PRIMARY KEY (app, environment, home)
  ) STRICT;

  CREATE TABLE snapshots (
    id TEXT PRIMARY KEY,
    app TEXT NOT NULL,
    environment TEXT NOT NULL,
    home TEXT NOT NULL,
    at TEXT NOT NULL,
    content TEXT NOT NULL
  ) STRICT;
  CREATE INDEX snapshots_by_app ON snapshots (app, environment, home);
  `,
];
