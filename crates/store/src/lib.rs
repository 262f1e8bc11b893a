//! What is remembered: all SQL on our own database, SQLite and PostgreSQL.
