"""The personal page of a real ``catruc serve``: its key, its threads, and what it prints."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from sqlalchemy import select

from scheduler.secret_key import veil_from
from scheduler.store import links
from scheduler.store.database import Database
from scheduler.store.tables import assignments
from tests.served import PATIENCE, Folder, serving, wait_for
from tests.terminal import SMALL


def test_a_link_opens_the_page_and_is_printed_nowhere(tmp_path: Path) -> None:
    """A no by the page finds somebody else at once; neither link nor code stands in output or log."""
    # At whatever hour this runs: at night nobody is asked.
    folder = Folder(tmp_path, SMALL.replace("[sms]", '[sms]\nquiet = ""'))
    with serving(folder) as service:
        service.address()
        veil = veil_from({}, folder.database.with_suffix(".key"), makes_one=False)
        with closing(Database(f"sqlite:///{folder.database}")) as database:
            asked = str(wait_for(lambda: _asked(database)))
            now = datetime.now(UTC)
            with database.write() as connection:
                phone = {"nguyen-an": "+84901000001", "binh": "+84901000002"}[asked]
                name = links.names_for(connection, {asked: phone}, now + timedelta(days=5), now)[asked]
                links.keep_new(connection, veil)
            secret, code = veil.link(name), veil.code(name)
            page = service.get(f"/r/{secret}")
            assert "Chờ trả lời" in page
            with pytest.raises(HTTPError) as refused:
                service.get(f"/r/{secret[:-1]}")
            with refused.value:
                assert refused.value.code == 404

            fields = {"do": "no", "session": "1", "form": page.partition('name="form" value="')[2][:32]}
            request = Request(f"{service.address()}/r/{secret}", urlencode(fields).encode())
            with urlopen(request, timeout=PATIENCE) as answer:
                assert "Đã ghi nhận: không đến được." in answer.read().decode()
            assert wait_for(lambda: _asked(database)) != asked
        assert service.stop() == 0
    printed = folder.out.read_text(encoding="utf-8") + folder.err.read_text(encoding="utf-8")
    assert not [one for one in (secret, code) if one in printed]


def _asked(database: Database) -> str | None:
    with database.read() as connection:
        found: str | None = connection.scalar(
            select(assignments.c.person).where(assignments.c.state == "asked")
        )
    return found
