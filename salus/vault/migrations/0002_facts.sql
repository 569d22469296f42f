-- What the person marked as wrong or not theirs: kept and shown, used by nothing. A resource set aside has head = -1;
-- a sample set aside is moved to a table of its own, so that no roll-up can see it.
CREATE TABLE correction (
  ref TEXT PRIMARY KEY, why TEXT NOT NULL, note TEXT NOT NULL, title TEXT NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE sample_aside (
  metric INTEGER NOT NULL, start INTEGER NOT NULL, span INTEGER NOT NULL, origin INTEGER NOT NULL,
  value NOT NULL, unit INTEGER NOT NULL,
  batch INTEGER NOT NULL, created INTEGER NOT NULL, device INTEGER NOT NULL, detail NOT NULL, raw TEXT NOT NULL,
  PRIMARY KEY (metric, start, span, origin, value, unit)
) WITHOUT ROWID;

-- Two records the person said are different things (a merge undone); a < b.
CREATE TABLE apart (a TEXT NOT NULL, b TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (a, b)) WITHOUT ROWID;

-- The readable text of documents and notes; its row is the resource's. Accents do not count.
CREATE VIRTUAL TABLE words USING fts5 (title, text, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
