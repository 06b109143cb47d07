"""When an edit of a settings file counts as made."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from scheduler.settings.watch import Watch


def _save(path: Path) -> None:
    path.write_text("new", encoding="utf-8")


def _rename_over(path: Path) -> None:
    half = path.with_name("settings.toml.tmp")
    half.write_text("new", encoding="utf-8")
    half.replace(path)


def _copy_with_the_old_time(path: Path) -> None:
    before = path.stat()
    path.write_text("neu", encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _delete(path: Path) -> None:
    path.unlink()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A settings file."""
    path = tmp_path / "settings.toml"
    path.write_text("old", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "edit",
    [
        _save,  # as Notepad does
        _rename_over,  # as vim and most editors do
        _copy_with_the_old_time,  # over a network: same size, same time
        _delete,  # by mistake
    ],
)
def test_an_edit_counts_once_it_has_come_to_rest(edit: Callable[[Path], None], path: Path) -> None:
    """Two looks in a row must see the same; then it is told once."""
    watch = Watch([path])
    assert [watch.look(), watch.look()] == [False, False]
    edit(path)
    assert [watch.look(), watch.look(), watch.look()] == [False, True, False]


def test_a_half_written_file_is_left_alone(path: Path) -> None:
    """While an editor or a slow copy writes, every look sees something else."""
    watch = Watch([path])
    seen = []
    for part in ("n", "ne", "new"):
        path.write_text(part, encoding="utf-8")
        seen.append(watch.look())
    assert [*seen, watch.look()] == [False, False, False, True]


def test_deleted_and_restored_is_no_edit(path: Path) -> None:
    """Who puts the same file back has changed nothing."""
    watch = Watch([path])
    path.unlink()
    assert not watch.look()
    path.write_text("old", encoding="utf-8")
    assert [watch.look(), watch.look(), watch.look()] == [False, False, False]


def test_a_new_file_in_a_watched_folder_counts(path: Path) -> None:
    """A ward that adds its own file is noticed; other files of that folder are not settings."""
    watch = Watch([path, path.parent])
    (path.parent / "ket-qua.txt").write_text("ours", encoding="utf-8")
    assert [watch.look(), watch.look()] == [False, False]
    (path.parent / "ben-thanh.toml").write_text("[[wards]]", encoding="utf-8")
    assert [watch.look(), watch.look()] == [False, True]


def test_a_file_that_becomes_a_pipe_is_not_opened(path: Path) -> None:
    """Reading a pipe would wait for ever."""
    watch = Watch([path])
    path.unlink()
    os.mkfifo(path)
    assert [watch.look(), watch.look()] == [False, True]
