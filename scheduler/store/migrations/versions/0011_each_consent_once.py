"""What a list says of a consent is written down once, also by two who do it at one moment."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

LINE = ["phone", "purpose", "granted", "at", "how", "wording"]
LISTED = sa.text("how = 'list'")


def upgrade() -> None:
    """Keeps the first of lines that are the same, and has the database refuse another."""
    consents = sa.table("consents", sa.column("id"), *map(sa.column, LINE))
    first = sa.select(sa.func.min(consents.c.id)).group_by(*(consents.c[name] for name in LINE))
    op.execute(sa.delete(consents).where(LISTED, consents.c.id.not_in(first)))
    op.create_index(
        "uq_consents_listed", "consents", LINE, unique=True, sqlite_where=LISTED, postgresql_where=LISTED
    )
