-- Sources with their owners' keys, emergency openings, and looking down the budget tree.

CREATE TABLE source (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE emergency (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;

CREATE INDEX account_parent ON account (parent);

-- So far "reserved" did not say that no row was read, as it does from here on: to give such a debit
-- back would be wrong. In JSON, text of others cannot hold these quotes without a backslash.
UPDATE submission SET document = replace(document, '"state":"reserved"', '"state":"begun"');
