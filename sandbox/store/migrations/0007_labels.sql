-- By what else than its key a document is found; written for what stands already right after this.

CREATE TABLE labelled (
    shelf TEXT NOT NULL,
    label TEXT NOT NULL,
    rank INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (shelf, label, rank, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX labelled_position ON labelled (shelf, position);
