"""The rows: tables, queries, migrations.

``database`` opens SQLite or PostgreSQL and says when somebody else has written; ``tables`` are the tables of
this wing; ``migrate`` brings both wings' tables up to date; ``outage`` tells once that the database is away;
``moving`` copies every row to another database; ``lock`` (SQLite) and ``tick`` (PostgreSQL) let one service
at a time take turns; ``sessions``, ``assignments``, ``call_offs``, ``follow_codes``, ``subscriptions`` and
``in_force`` read and write rows, one noun a file. These take the caller's Connection and never commit.
"""
