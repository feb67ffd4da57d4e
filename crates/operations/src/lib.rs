//! Everything CEREBRO can do, one verb per file.
