"""Finding a ward, a service or a place by what people call it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.timetable.label import Label
from scheduler.timetable.naming import places_named, services_named, wards_meant, wards_named
from scheduler.timetable.place import Place, Service, Ward

WARDS = (
    Ward("sai-gon", Label.same("Sài Gòn"), ("Bến Nghé", "Đa Kao", "Nguyễn Thái Bình")),
    Ward("tan-dinh", Label.same("Tân Định"), ("Tân Định", "Đa Kao")),
    Ward("ben-thanh", Label.same("Bến Thành"), ("Bến Thành", "Phạm Ngũ Lão", "Cầu Ông Lãnh")),
    Ward("cau-ong-lanh", Label.same("Cầu Ông Lãnh"), ("Cầu Kho", "Cô Giang", "Cầu Ông Lãnh")),
    Ward("phuong-4", Label("Phường 4", "Ward 4")),
)
COPIES = Service(
    "sao-y",
    Label("Chứng thực sao y ngoài giờ", "After-hours certification"),
    Label("sao y", "certification"),
)
DIALOGUE = Service("doi-thoai", Label("Đối thoại", "Dialogue"), Label("đối thoại", "dialogue"))
OFFICE = Place("ubnd-sai-gon", "sai-gon", Label.same("UBND phường Sài Gòn"), address="45 Lê Duẩn")
HALL = Place("hoi-truong", "tan-dinh", Label.same("Hội trường Tân Định"))


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        pytest.param("sai-gon", ["sai-gon"], id="an id"),
        pytest.param("SAI-GON ", ["sai-gon"], id="an id, shouted"),
        pytest.param("Sài Gòn", ["sai-gon"], id="a name"),
        pytest.param("sai gon", ["sai-gon"], id="no accents"),
        pytest.param("SÀI  GÒN", ["sai-gon"], id="capitals and a stray space"),
        pytest.param("phường Sài Gòn", ["sai-gon"], id="with phường"),
        pytest.param("P. Sài Gòn", ["sai-gon"], id="with P."),
        pytest.param("P.Sài Gòn", ["sai-gon"], id="with P. and no space"),
        pytest.param("Sài Gòn ward", ["sai-gon"], id="with ward"),
        pytest.param("Sa\u0300i Go\u0300n", ["sai-gon"], id="typed in parts (NFD)"),
        pytest.param("phạm ngũ lão", ["ben-thanh"], id="a former name that begins with p"),
        pytest.param("da kao", ["sai-gon", "tan-dinh"], id="an old ward that was split"),
        pytest.param(
            "Cầu Ông Lãnh", ["ben-thanh", "cau-ong-lanh"], id="a name kept by one, half gone to another"
        ),
        pytest.param("cau-ong-lanh", ["cau-ong-lanh"], id="its id means the present one alone"),
        pytest.param("P4", ["phuong-4"], id="a numbered ward"),
        pytest.param("phường 4", ["phuong-4"], id="a numbered ward in full"),
        pytest.param("da cao", ["sai-gon", "tan-dinh"], id="misspelt, still split"),
        pytest.param("Ben Nhge", ["sai-gon"], id="two letters swapped"),
        pytest.param("ben tanh", ["ben-thanh"], id="a letter lost"),
        pytest.param("hà nội", [], id="not here"),
        pytest.param("", [], id="nothing"),
        pytest.param("phường", [], id="only the word for it"),
        pytest.param("sai gon " * 20, [], id="no name is so long"),
    ],
)
def test_a_ward_is_found_by_what_people_call_it(text: str, ids: list[str]) -> None:
    """Id, name or former name, accents and case not minded; misspellings only where nothing matches."""
    assert [ward.id for ward in wards_named(WARDS, text)] == ids


# Bến Nghé and Đa Kao end with June 2027, Sài Gòn begins with July; the town hall is there all the time.
MERGED = (
    Ward("ben-nghe", Label.same("Bến Nghé"), until=date(2027, 6, 30)),
    Ward("da-kao", Label.same("Đa Kao"), until=date(2027, 6, 30)),
    Ward("sai-gon", Label.same("Sài Gòn"), ("Bến Nghé", "Đa Kao"), start=date(2027, 7, 1)),
    Ward("tan-dinh", Label.same("Tân Định"), ("Đa Kao",)),
)


@pytest.mark.parametrize(
    ("text", "first", "last", "ids"),
    [
        pytest.param("Bến Nghé", 1, 30, ["ben-nghe"], id="before"),
        pytest.param("Bến Nghé", 25, 32, ["ben-nghe", "sai-gon"], id="over the change"),
        pytest.param("Bến Nghé", 31, 31, ["sai-gon"], id="from the first day of the new one"),
        pytest.param("ben-nghe", 31, 31, ["sai-gon"], id="an old link has the old id"),
        pytest.param("sai-gon", 31, 31, ["sai-gon"], id="the new one"),
        pytest.param("sai-gon", 1, 30, ["sai-gon"], id="the new one before it begins, for want of another"),
        pytest.param("đa kao", 1, 30, ["da-kao", "tan-dinh"], id="one that has given a part before"),
        pytest.param("đa kao", 31, 38, ["sai-gon", "tan-dinh"], id="one that has gone to two"),
        pytest.param("hà nội", 1, 38, [], id="not here"),
    ],
)
def test_a_name_means_the_wards_that_exist_by_then(text: str, first: int, last: int, ids: list[str]) -> None:
    """The days are counted from 31 May 2027, so that 31 is the first of July."""
    dates = (date(2027, 5, 31) + timedelta(days=day) for day in (first, last))
    assert [ward.id for ward in wards_meant(MERGED, text, *dates)] == ids


def test_an_old_link_finds_what_is_held_on_either_side_of_a_merger() -> None:
    """Sessions carry their dates themselves: the old ward and its heirs are both looked at."""
    assert [ward.id for ward in wards_named(MERGED, "ben-nghe")] == ["ben-nghe", "sai-gon"]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        pytest.param("sao-y", ["sao-y"], id="an id"),
        pytest.param("chung thuc sao y ngoai gio", ["sao-y"], id="the whole name"),
        pytest.param("Certification", ["sao-y"], id="the short name in English"),
        pytest.param("doi thoai", ["doi-thoai"], id="another"),
        pytest.param("hộ chiếu", [], id="not offered"),
    ],
)
def test_a_service_is_found_by_any_of_its_names(text: str, ids: list[str]) -> None:
    """Id, name or short name in either language."""
    assert [service.id for service in services_named((COPIES, DIALOGUE), text)] == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        pytest.param("hoi-truong", ["hoi-truong"], id="an id"),
        pytest.param("ubnd phuong sai gon", ["ubnd-sai-gon"], id="a name"),
        pytest.param("45 le duan", ["ubnd-sai-gon"], id="an address"),
        pytest.param("hoi truong tan dinhh", ["hoi-truong"], id="a slip"),
        pytest.param("chợ", [], id="unknown"),
    ],
)
def test_a_place_is_found_by_name_or_address(text: str, ids: list[str]) -> None:
    """Id, name or address; a place without address is never found by an empty one."""
    assert [place.id for place in places_named((OFFICE, HALL), text)] == ids


@given(st.text(max_size=100))
def test_whatever_is_typed_finds_wards_of_the_board(text: str) -> None:
    """No text breaks the search, and it finds each ward once, in the order of the board."""
    found = wards_named(WARDS, text)
    assert list(found) == [ward for ward in WARDS if ward in found]


@given(st.sampled_from(WARDS[:4]), st.sampled_from(["{}", "phường {}", "P. {}", "  {} "]), st.booleans())
def test_every_name_leads_to_its_ward(ward: Ward, written: str, shouted: bool) -> None:
    """A ward answers to its name and to every former one, however that is written."""
    for name in (ward.name.vi, *ward.formerly):
        text = written.format(name)
        assert ward in wards_named(WARDS, text.upper() if shouted else text)
