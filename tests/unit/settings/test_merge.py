"""Two lists of people made one: nobody is lost, nothing is overwritten by an empty cell."""

from hypothesis import given
from hypothesis import strategies as st

from scheduler.settings.merge import Entry, Merge, merge
from scheduler.settings.people_list import Row, read_people

KEPT: tuple[Row, ...] = (
    ("DANH SÁCH", "", "", ""),
    ("STT", "Họ tên", "Điện thoại", "Lịch rảnh"),
    ("1", "An", "0901 000 001", "T7"),
    ("2", "Bình", "0901 000 002", ""),
)


def _names(rows: tuple[Row, ...]) -> list[str]:
    return [person.name for person in read_people(rows).people]


def test_who_is_new_stands_below_and_who_is_known_is_changed_in_place() -> None:
    """Whatever else stands in the list stays where it is; a new column goes to its right."""
    other: tuple[Row, ...] = (
        ("Vai trò", "Phone", "Tên"),
        ("TNV", "84901000002", "Bình"),
        ("", "0901000003", "Cúc"),
    )
    assert merge(KEPT, other) == Merge(
        rows=(
            KEPT[0],
            ("STT", "Họ tên", "Điện thoại", "Lịch rảnh", "Vai trò"),
            KEPT[2],
            ("2", "Bình", "84901000002", "", "TNV"),
            ("", "Cúc", "0901000003", "", ""),
        ),
        left=(*KEPT[:3], ()),
        right=(("Vai trò", "Phone", "Tên", "Lịch rảnh"), ("TNV", "84901000002", "Bình", ""), other[2]),
        added=(Entry(3, "Cúc"),),
        changed=(Entry(2, "Bình", ("Vai trò",)),),
        unchanged=0,
        missing=(Entry(3, "An"),),
        read=read_people(()),
    )


def test_an_empty_cell_says_nothing() -> None:
    """A list of names and numbers does not take anybody's hours away."""
    merged = merge(KEPT, (("Họ tên", "SĐT", "Lịch rảnh"), ("An", "0901000001", "")))
    assert not merged
    assert (merged.unchanged, merged.rows) == (1, KEPT)
    assert merged.right[1] == ("An", "0901000001", "T7")


def test_a_whole_list_takes_out_who_is_missing() -> None:
    """They are named before."""
    merged = merge(KEPT, (("Họ tên", "SĐT"), ("Bình", "0901000002")), is_whole=True)
    assert (merged.removed, merged.missing) == ((Entry(3, "An"),), ())
    assert _names(merged.rows) == ["Bình"]
    assert merged


def test_a_new_name_for_a_known_number_is_a_change() -> None:
    """A person is a number."""
    merged = merge(KEPT, (("Họ tên", "SĐT"), ("Lê An", "+84 901 000 001")))
    assert merged.changed == (Entry(2, "Lê An", ("Họ tên",)),)
    assert _names(merged.rows) == ["Lê An", "Bình"]


PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(["An", "Bình", "Cúc", ""]), st.integers(1, 6), st.sampled_from(["", "T7", "CN"])
    ),
    max_size=6,
    unique_by=lambda person: person[1],
)
ORDERS = st.permutations([0, 1, 2])


def _list(people: list[tuple[str, int, str]], order: list[int]) -> tuple[Row, ...]:
    rows = [("Họ tên", "SĐT", "Lịch rảnh"), *((name, f"090100000{n}", when) for name, n, when in people)]
    return tuple(tuple(row[at] for at in order) for row in rows)


@given(PEOPLE, ORDERS, PEOPLE, ORDERS, st.booleans())
def test_nobody_is_lost_and_importing_again_changes_nothing(
    kept: list[tuple[str, int, str]],
    order: list[int],
    other: list[tuple[str, int, str]],
    its: list[int],
    is_whole: bool,
) -> None:
    """For any two lists, with their columns in any order."""
    before, file = _list(kept, order), _list(other, its)
    merged = merge(before, file, is_whole=is_whole)
    numbers = [person.phone for person in read_people(merged.rows).people]
    theirs = {f"+8490100000{n}" for _, n, _ in other}
    ours = {f"+8490100000{n}" for _, n, _ in kept}
    assert sorted(numbers) == sorted(theirs if is_whole else ours | theirs)
    assert not merge(merged.rows, file, is_whole=is_whole)
    assert merged.read == read_people(merged.right)
    together = [*read_people(merged.left).people, *merged.read.people]
    assert {person.phone: person for person in together} == {
        person.phone: person for person in read_people(merged.rows).people
    }
