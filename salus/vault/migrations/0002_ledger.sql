-- Conversations stand beside the ledger, so that a question asked while a long import is written is kept at once.
CREATE TABLE conversation (
  id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, started INTEGER NOT NULL, last INTEGER NOT NULL
);
CREATE TABLE turn (
  id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL REFERENCES conversation, at INTEGER NOT NULL,
  question TEXT NOT NULL, answer TEXT NOT NULL
);
CREATE INDEX turn_by_conversation ON turn (conversation, id);
