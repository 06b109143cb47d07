"""The tables of Procrastinate, which carries batches to other machines; on PostgreSQL only.

They are made by its own schema, as the installed version has it; ``pyproject.toml`` holds that version within
3.10. A later one that changes its tables comes with a revision that runs its own migrations
(``procrastinate/sql/migrations``) where this one has made the older tables.
"""

from alembic import op
from sqlalchemy import inspect

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Makes them, unless another program in this database has made them already."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql" or inspect(connection).has_table("procrastinate_jobs"):
        return
    from notifications.carrier.procrastinate import schema

    # Straight to the driver: it is many statements, and no marks of parameters.
    connection.connection.driver_connection.execute(schema())  # type: ignore[union-attr]  # it is open
