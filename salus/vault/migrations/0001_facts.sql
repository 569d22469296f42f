-- The facts of one person. Every table hangs on `batch`: what one import added can be taken away again.
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE connection (
  id INTEGER PRIMARY KEY, source TEXT NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL,
  UNIQUE (source, name)
);

CREATE TABLE batch (
  id INTEGER PRIMARY KEY AUTOINCREMENT, connection INTEGER NOT NULL REFERENCES connection,
  path TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER, report TEXT, undone INTEGER
);

-- Interned strings: units, device descriptions, repeated metadata.
CREATE TABLE label (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
-- The same for resources (code systems, authors): a table of its own, since an importer of samples hands out the
-- numbers of `label` from another process.
CREATE TABLE term (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE metric (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, longest INTEGER NOT NULL DEFAULT 0);
CREATE TABLE origin (
  id INTEGER PRIMARY KEY, connection INTEGER NOT NULL REFERENCES connection,
  name TEXT NOT NULL, kind TEXT NOT NULL, UNIQUE (connection, name)
);

-- Clustered by metric and time. The value and unit are part of the key: two different values over one span are two
-- rows, the same value twice is one, whichever batch brought it first. What is absent is 0 or '' rather than NULL: the
-- driver binds those twice as fast. `detail` is a label's number or the JSON text itself.
CREATE TABLE sample (
  metric INTEGER NOT NULL, start INTEGER NOT NULL, span INTEGER NOT NULL, origin INTEGER NOT NULL,
  value NOT NULL, unit INTEGER NOT NULL,
  batch INTEGER NOT NULL, created INTEGER NOT NULL, device INTEGER NOT NULL, detail NOT NULL, raw TEXT NOT NULL,
  PRIMARY KEY (metric, start, span, origin, value, unit)
) WITHOUT ROWID;

-- One row per metric and civil day in the person's zone, in the metric's canonical unit; `unit` is the record's own
-- unit when all of the day's records share it.
CREATE TABLE day (
  metric INTEGER NOT NULL, day INTEGER NOT NULL, n INTEGER NOT NULL,
  total REAL, low REAL, high REAL, origin INTEGER, unit INTEGER,
  PRIMARY KEY (metric, day)
) WITHOUT ROWID;

-- Every version of every resource received; `head` marks the one in force per (type, fid).
CREATE TABLE resource (
  id INTEGER PRIMARY KEY, type TEXT NOT NULL, fid TEXT NOT NULL, head INTEGER NOT NULL,
  title TEXT NOT NULL, first INTEGER, last INTEGER, stamp INTEGER, connection INTEGER NOT NULL, batch INTEGER NOT NULL,
  origin INTEGER, digest BLOB NOT NULL, content BLOB NOT NULL
);
CREATE INDEX resource_by_id ON resource (type, fid, digest);
CREATE INDEX resource_by_time ON resource (type, first, title) WHERE head = 1;

CREATE TABLE resource_code (
  code TEXT NOT NULL, system INTEGER NOT NULL, resource INTEGER NOT NULL,
  PRIMARY KEY (code, system, resource)
) WITHOUT ROWID;
