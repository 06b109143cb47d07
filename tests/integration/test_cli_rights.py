"""export and forget at a terminal."""

from tests.terminal import Terminal

RESIDENT = "+84902000001"


def test_forget_and_export_at_a_terminal(desk: Terminal) -> None:
    """The number may come by stdin; the file of the database holds it no more."""
    assert desk.run("follow", "0902 000 001", "sao-y", "Sài Gòn").code == 0
    told = desk.run("export", "-", typed="0902 000 001\n").document
    assert (told["phone"], told["person"], len(told["messages"])) == (RESIDENT, None, 2)
    said = desk.run("forget", "-", typed="0902 000 001\n")
    assert (said.code, said.err) == (0, "")
    files = desk.folder.glob("catruc.db*")
    assert not any(b"902000001" in file.read_bytes() for file in files)
    assert desk.run("export", "0902 000 001").document["messages"] == []
    assert "tệp cài đặt" in desk.run("forget", "0901 000 001").complaint
    assert desk.run("forget", "12").code == 1
