-- The first schema of the books, on PostgreSQL.
--
-- Values of the model lie as JSON documents, one table a kind, in the order of their positions.
-- Amounts of budget are text (`0.375`, `3/8`): SQL has no exact fractions, and floats are not exact.
-- The log is append-only, and the triggers keep even a slip of our own pen from rewriting it.

CREATE SCHEMA IF NOT EXISTS datarange;

CREATE TABLE migration (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL
);

CREATE TABLE dataset (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
);

CREATE TABLE application (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
);

CREATE TABLE agreement (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
);

CREATE TABLE submission (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
);

CREATE TABLE principal (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
);

-- What salted commitments in the log open to: the one table whose rows may be deleted.
CREATE TABLE opening (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
);

CREATE TABLE account (
    id TEXT NOT NULL PRIMARY KEY,
    parent TEXT REFERENCES account (id),
    accounting TEXT NOT NULL CHECK (accounting IN ('zcdp', 'pure')),
    cap TEXT NOT NULL,
    spent TEXT NOT NULL
);

-- Leaves of the log: canonical JSON, at most what an entry of a C2SP tile may hold.
CREATE TABLE entry (
    position BIGINT PRIMARY KEY,
    content BYTEA NOT NULL CHECK (octet_length(content) <= 65535)
);

-- Hashes of complete subtrees (RFC 6962), level 0 being the leaves'.
CREATE TABLE node (
    level SMALLINT NOT NULL,
    position BIGINT NOT NULL,
    hash BYTEA NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (level, position)
);

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE FUNCTION require_next() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.position IS DISTINCT FROM
       (SELECT coalesce(max(position) + 1, 0) FROM datarange.entry) THEN
        RAISE EXCEPTION 'the log has neither gaps nor second versions'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER entry_is_next BEFORE INSERT ON entry
FOR EACH ROW EXECUTE FUNCTION require_next();

CREATE TRIGGER entry_is_final BEFORE UPDATE ON entry
FOR EACH ROW EXECUTE FUNCTION refuse('an entry of the log is never changed');

CREATE TRIGGER entry_stays BEFORE DELETE ON entry
FOR EACH ROW EXECUTE FUNCTION refuse('an entry of the log is never deleted');

CREATE TRIGGER entries_stay BEFORE TRUNCATE ON entry
FOR EACH STATEMENT EXECUTE FUNCTION refuse('an entry of the log is never deleted');

-- The primary key keeps a node from having a second version.
CREATE TRIGGER node_is_final BEFORE UPDATE ON node
FOR EACH ROW EXECUTE FUNCTION refuse('a node of the log is never changed');

CREATE TRIGGER node_stays BEFORE DELETE ON node
FOR EACH ROW EXECUTE FUNCTION refuse('a node of the log is never deleted');

CREATE TRIGGER nodes_stay BEFORE TRUNCATE ON node
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a node of the log is never deleted');
