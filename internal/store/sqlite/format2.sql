-- From format 1 to 2: versions of articles, keys of near-copies, sources,
-- pages to be fetched, and how far imports have come.

ALTER TABLE article ADD COLUMN address TEXT NOT NULL DEFAULT '';  -- store.AddressOf(url)
ALTER TABLE article ADD COLUMN story   TEXT NOT NULL DEFAULT '';  -- same for versions of one article; empty: its own
ALTER TABLE article ADD COLUMN wire    TEXT NOT NULL DEFAULT '';  -- agency that is given credit
ALTER TABLE article ADD COLUMN until   TEXT NOT NULL DEFAULT '';  -- day from which a later version stands in its place
ALTER TABLE article ADD COLUMN week    INTEGER NOT NULL DEFAULT 0; -- under which its keys stand
ALTER TABLE article ADD COLUMN keys    BLOB;                      -- its rows of alike, eight bytes each
-- A query must say "<> ''" too: that lets SQLite use these.
CREATE INDEX article_address ON article (address) WHERE address <> '';
CREATE INDEX article_story ON article (story) WHERE story <> '';

ALTER TABLE report ADD COLUMN until TEXT NOT NULL DEFAULT '';
DROP INDEX report_dyad;
CREATE INDEX report_dyad ON report (dyad, known, until, origin, article);

-- By week first: what is read in order of time touches few pages.
CREATE TABLE alike (
    week    INTEGER NOT NULL,               -- weeks since 1970 of the day known
    key     INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (week, key, article)
) STRICT, WITHOUT ROWID;

CREATE TABLE source (
    address       TEXT    PRIMARY KEY,
    title         TEXT    NOT NULL,
    every         INTEGER NOT NULL,         -- seconds
    added         INTEGER NOT NULL,         -- times are seconds since 1970, 0: never
    moved         TEXT    NOT NULL,
    etag          TEXT    NOT NULL,
    last_modified TEXT    NOT NULL,
    tried         INTEGER NOT NULL,
    read          INTEGER NOT NULL,
    error         TEXT    NOT NULL,
    failures      INTEGER NOT NULL,
    next          INTEGER NOT NULL,
    ttl           INTEGER NOT NULL,         -- seconds
    skip_hours    INTEGER NOT NULL,         -- bits
    skip_days     INTEGER NOT NULL          -- bits
) STRICT, WITHOUT ROWID;

CREATE TABLE page (
    address  TEXT    PRIMARY KEY,
    source   TEXT    NOT NULL,
    told     TEXT    NOT NULL,              -- differs where the source tells something else of it
    found    INTEGER NOT NULL,
    done     INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    error    TEXT    NOT NULL,
    next     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX page_due ON page (next, address) WHERE done = 0;

CREATE TABLE import (
    file  TEXT    PRIMARY KEY,
    stamp TEXT    NOT NULL,
    items INTEGER NOT NULL,
    done  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
