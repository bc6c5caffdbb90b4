-- From format 3 to 4: hooks that are told of changes of state, what waits for
-- them, the states told, the log of changes, and time series that a user
-- imported.

CREATE TABLE hook (
    id       INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice
    address  TEXT    NOT NULL,
    secret   BLOB    NOT NULL,
    dyad     TEXT    NOT NULL,              -- empty: all
    channel  TEXT    NOT NULL,              -- empty: all
    added    INTEGER NOT NULL,              -- times are seconds since 1970, 0: never
    sent     INTEGER NOT NULL DEFAULT 0,
    lost     INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,    -- in a row
    error    TEXT    NOT NULL DEFAULT '',   -- of the last try
    next     INTEGER NOT NULL DEFAULT 0,    -- not to be tried before
    off      INTEGER NOT NULL DEFAULT 0     -- it answered that it is gone
) STRICT;

CREATE TABLE delivery (
    key   INTEGER PRIMARY KEY AUTOINCREMENT,
    hook  INTEGER NOT NULL REFERENCES hook (id) ON DELETE CASCADE,
    id    TEXT    NOT NULL,                 -- of the message, the same at every try
    body  BLOB    NOT NULL,
    made  INTEGER NOT NULL,
    tries INTEGER NOT NULL                  -- that failed
) STRICT;
CREATE INDEX delivery_hook ON delivery (hook, tries, key);

-- The states that were last told of; those unknown have no row.
CREATE TABLE announced (
    dyad    TEXT NOT NULL,
    channel TEXT NOT NULL,
    state   TEXT NOT NULL,
    PRIMARY KEY (dyad, channel)
) STRICT, WITHOUT ROWID;

-- Dyads whose reports have changed since; written with the reports, so that a
-- kill between a commit and the telling of it loses nothing.
CREATE TABLE stirred (
    dyad   TEXT    PRIMARY KEY,
    silent INTEGER NOT NULL,                -- what its reports give is no change: they were there before
    mark   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO stirred SELECT DISTINCT dyad, 1, 0 FROM report;

-- Marks come from the count of changes, which only grows: one that was told
-- and taken away never comes back. Only what the active run says is told.
CREATE TRIGGER stirred_added AFTER INSERT ON report WHEN new.run = (SELECT id FROM run WHERE active = 1) BEGIN
    UPDATE change SET n = n + 1;
    INSERT INTO stirred SELECT new.dyad, 0, n FROM change WHERE true ON CONFLICT (dyad) DO UPDATE SET mark = excluded.mark;
END;
CREATE TRIGGER stirred_removed AFTER DELETE ON report WHEN old.run = (SELECT id FROM run WHERE active = 1) BEGIN
    UPDATE change SET n = n + 1;
    INSERT INTO stirred SELECT old.dyad, 0, n FROM change WHERE true ON CONFLICT (dyad) DO UPDATE SET mark = excluded.mark;
END;
CREATE TRIGGER stirred_moved AFTER UPDATE OF known, until, origin, body ON report WHEN new.run = (SELECT id FROM run WHERE active = 1) BEGIN
    UPDATE change SET n = n + 1;
    INSERT INTO stirred SELECT new.dyad, 0, n FROM change WHERE true ON CONFLICT (dyad) DO UPDATE SET mark = excluded.mark;
END;
CREATE TRIGGER stirred_run AFTER UPDATE OF active ON run WHEN new.active = 1 BEGIN
    UPDATE change SET n = n + 1;
    INSERT INTO stirred SELECT DISTINCT dyad, 0, n FROM report, change WHERE true ON CONFLICT (dyad) DO UPDATE SET mark = excluded.mark;
END;

CREATE TABLE log (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL,
    item       TEXT    NOT NULL,
    article    TEXT    NOT NULL,            -- the article that the item is, or stands in; empty: none
    field      TEXT    NOT NULL,
    old        TEXT    NOT NULL,
    new        TEXT    NOT NULL,
    cause      TEXT    NOT NULL,            -- reading, recoding, text, run, review
    sources    TEXT    NOT NULL,            -- JSON: references
    version    TEXT    NOT NULL,
    reviewer   TEXT    NOT NULL,
    verdict    TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    text_hash  TEXT    NOT NULL
) STRICT;
CREATE INDEX log_article ON log (article, id) WHERE article <> '';
CREATE INDEX log_item ON log (item, id);
CREATE TRIGGER log_kept BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'lines of the log are never changed'); END;
CREATE TRIGGER log_stays BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'lines of the log are never taken away'); END;

CREATE TABLE indicator (
    name   TEXT PRIMARY KEY,
    unit   TEXT NOT NULL,
    source TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE indicator_value (
    name  TEXT NOT NULL REFERENCES indicator (name) ON DELETE CASCADE,
    day   TEXT NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (name, day)
) STRICT, WITHOUT ROWID;
