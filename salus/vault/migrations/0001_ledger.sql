-- Append-only and hash-chained: what left, who looked, what was changed. Apart from the facts so that a look is
-- written down at once while a long import holds the facts' write lock.
CREATE TABLE entry (
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, what TEXT NOT NULL,
  prev BLOB NOT NULL, hash BLOB NOT NULL UNIQUE
);
CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
