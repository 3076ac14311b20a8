-- The first schema of the books.
--
-- Values of the model lie as JSON documents, one table a kind, in the order of their positions.
-- Amounts of budget are text (`0.375`, `3/8`): SQL has no exact fractions, and floats are not exact.
-- The log is append-only, and the triggers keep even a slip of our own pen from rewriting it.

CREATE TABLE migration (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE dataset (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE application (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE agreement (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE submission (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE principal (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;

-- What salted commitments in the log open to: the one table whose rows may be deleted.
CREATE TABLE opening (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE account (
    id TEXT NOT NULL PRIMARY KEY,
    parent TEXT REFERENCES account (id),
    accounting TEXT NOT NULL CHECK (accounting IN ('zcdp', 'pure')),
    cap TEXT NOT NULL,
    spent TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Leaves of the log: canonical JSON, at most what an entry of a C2SP tile may hold.
CREATE TABLE entry (
    position INTEGER PRIMARY KEY,
    content BLOB NOT NULL CHECK (length(content) <= 65535)
) STRICT;

-- Hashes of complete subtrees (RFC 6962), level 0 being the leaves'.
CREATE TABLE node (
    level INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, position)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER entry_is_next BEFORE INSERT ON entry
WHEN NEW.position IS NOT (SELECT coalesce(max(position) + 1, 0) FROM entry)
BEGIN
    SELECT RAISE(ABORT, 'the log has neither gaps nor second versions');
END;

CREATE TRIGGER entry_is_final BEFORE UPDATE ON entry
BEGIN
    SELECT RAISE(ABORT, 'an entry of the log is never changed');
END;

CREATE TRIGGER entry_stays BEFORE DELETE ON entry
BEGIN
    SELECT RAISE(ABORT, 'an entry of the log is never deleted');
END;

-- Without this, INSERT OR REPLACE would delete the old row without asking the delete trigger.
CREATE TRIGGER node_is_new BEFORE INSERT ON node
WHEN EXISTS (SELECT 1 FROM node WHERE level = NEW.level AND position = NEW.position)
BEGIN
    SELECT RAISE(ABORT, 'a node of the log has no second version');
END;

CREATE TRIGGER node_is_final BEFORE UPDATE ON node
BEGIN
    SELECT RAISE(ABORT, 'a node of the log is never changed');
END;

CREATE TRIGGER node_stays BEFORE DELETE ON node
BEGIN
    SELECT RAISE(ABORT, 'a node of the log is never deleted');
END;
