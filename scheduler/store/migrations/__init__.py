"""The migrations of both wings: one tree, oldest first under ``versions``; ``env`` is Alembic's entry."""
