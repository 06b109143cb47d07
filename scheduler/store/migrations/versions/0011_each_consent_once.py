"""A consent is written down once, also by two who do it at one moment."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

LINE = ["phone", "purpose", "granted", "at", "how", "wording"]


def upgrade() -> None:
    """Keeps the first of lines that are the same, and has the database refuse another."""
    consents = sa.table("consents", sa.column("id"), *map(sa.column, LINE))
    first = sa.select(sa.func.min(consents.c.id)).group_by(*(consents.c[name] for name in LINE))
    op.execute(sa.delete(consents).where(consents.c.id.not_in(first)))
    op.drop_index("ix_consents_phone_purpose", table_name="consents")
    op.create_index("uq_consents_line", "consents", LINE, unique=True)
