//! The service seen from outside: everything is in `it/`.
