"""Alembic's entry: runs on the connection that ``migrate`` passes in, inside its transaction."""

from alembic import context

from notifications.tables import metadata as notifications_metadata
from scheduler.store.tables import metadata as scheduler_metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=[scheduler_metadata, notifications_metadata],
    render_as_batch=True,
)
context.run_migrations()
