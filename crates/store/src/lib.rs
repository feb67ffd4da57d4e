//! SQLite and PostgreSQL behind one transaction that carries evidence.
