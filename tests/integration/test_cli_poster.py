"""``catruc poster``: the notice of a place as a file."""

import pytest

from tests.terminal import SMALL, Terminal


def test_a_notice_is_written_and_told(desk: Terminal) -> None:
    """By id or name, in the first language; the file says what is held, and needs no other file."""
    written = desk.run("poster", "UBND", "--out", str(desk.folder / "thong-bao.html"))
    assert written.code == 0
    assert written.out.endswith("thong-bao.html; mở bằng trình duyệt rồi in.\n")
    page = (desk.folder / "thong-bao.html").read_text(encoding="utf-8")
    assert "<h1>UBND</h1>" in page
    assert "Sao y" in page
    assert "<svg" in page
    assert "@page" in page
    assert "<link" not in page
    english = desk.run("poster", "ubnd", "--out", str(desk.folder / "notice.html"), "--language", "en")
    assert english.code == 0
    assert "Certification" in (desk.folder / "notice.html").read_text(encoding="utf-8")


def test_a_code_that_no_phone_can_open_is_warned_of(desk: Terminal) -> None:
    """The address of this machine is no address for residents; a real one is printed without a word."""
    assert "không mở được mã QR" in desk.run("poster", "ubnd", "--out", str(desk.folder / "a.html")).err


@pytest.mark.parametrize("place", ["chợ Bến Thành", "x" * 200, ""])
def test_an_unknown_place_is_told_with_those_there_are(desk: Terminal, place: str) -> None:
    """One sentence, no file."""
    said = desk.run("poster", place, "--out", str(desk.folder / "a.html"))
    assert said.code == 1
    assert "không phải tên nơi nào; hãy chọn một: ubnd." in said.err
    assert not (desk.folder / "a.html").exists()


def test_a_name_of_several_places_is_asked_back(terminal: Terminal) -> None:
    """Two places at one address: the ids tell them apart."""
    second = '[[places]]\nid = "tru-so-2"\nname = "Nhà B"\nward = "Sài Gòn"\naddress = "45 Lê Duẩn"\n\n'
    both = SMALL.replace("[[services]]", f"{second}[[services]]")
    terminal.write(both.replace("days =", 'place = "ubnd"\ndays ='))
    assert terminal.run("apply", "--yes").code == 0
    said = terminal.run("poster", "45 le duan", "--out", str(terminal.folder / "a.html"))
    assert said.code == 1
    assert "có thể là nhiều nơi; hãy chọn một: ubnd, tru-so-2." in said.err


def test_a_file_that_cannot_be_written_is_told(desk: Terminal) -> None:
    """One sentence with the reason."""
    said = desk.run("poster", "ubnd", "--out", str(desk.folder / "nowhere" / "a.html"))
    assert said.code == 1
    assert "Không ghi được" in said.complaint
