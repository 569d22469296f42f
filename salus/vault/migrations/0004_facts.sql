-- Which file a resource came in, where its batch does not say so (many came back together in an export of Salus): a
-- number below zero that those of one file share. And what tells the server that gave its id from others, if anything did.
ALTER TABLE resource ADD COLUMN came INTEGER;
ALTER TABLE resource ADD COLUMN server INTEGER;
-- Records kept under an id with a mark, because another server's record bears the same id.
CREATE TABLE namesake (
  type TEXT NOT NULL, id TEXT NOT NULL, fid TEXT NOT NULL, PRIMARY KEY (type, id, fid)
) WITHOUT ROWID;
