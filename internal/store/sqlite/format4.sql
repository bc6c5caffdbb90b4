-- Format 4 adds indicators: time series that a user imported.

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
