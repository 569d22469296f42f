-- What an observation is, where it is no result: read once when it comes, so that a timeline decodes nothing.
CREATE TABLE observed (resource INTEGER PRIMARY KEY, kind TEXT NOT NULL);
