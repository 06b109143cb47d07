"""check, plan and apply at a terminal."""

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from scheduler.service.put_plan_into_words import money
from tests.postgres import PostgresServer
from tests.served import catruc
from tests.terminal import EVENING, LATER, SESSION, SMALL, TODAY, Said, Terminal

BROKEN = SMALL.replace('ward = "Sài Gòn"', 'ward = "sai-gom"')
TWICE_BROKEN = BROKEN.replace('time = "12:00-14:30"', 'time = "noon"')
EMPTY_PLAN = {
    "sessions": {"added": 0, "moved": 0, "cancelled": 0},
    "assignments": {"added": 0, "removed": 0},
    "texts": {"count": 0, "people": 0, "segments": 0, "cost": "0"},
    "held": False,
}


def test_check_says_what_good_settings_mean(terminal: Terminal) -> None:
    """Counts of everything on stdout, nothing on stderr, exit code 0, and no file is made."""
    terminal.write(SMALL)
    said = terminal.run("check")
    assert (said.code, said.err) == (0, "")
    assert "2 phường, 1 địa điểm, 1 dịch vụ, 1 ca trực, 3 người" in said.out
    assert "14 ngày tới có 1 buổi trực." in said.out
    assert terminal.files() == {"settings.toml"}


@pytest.mark.parametrize(
    ("locale", "heading"),
    [
        ("vi_VN.UTF-8", 'không có phường "sai-gom"'),
        ("C.UTF-8", 'không có phường "sai-gom"'),
        ("en_GB.UTF-8", 'unknown ward "sai-gom"'),
    ],
)
def test_check_shows_a_fault_in_its_line(terminal: Terminal, locale: str, heading: str) -> None:
    """Path, line, column, what is wrong, what was meant, the line and a caret under it, in one's language."""
    terminal.write(BROKEN)
    terminal.speak(locale)
    said = terminal.run("check")
    assert (said.code, said.out) == (1, "")
    line = SMALL[: SMALL.index('ward = "Sài Gòn"')].count("\n") + 1
    first, shown, carets = said.err.splitlines()
    assert first.startswith(f"{terminal.settings}:{line}:9: {heading}")
    assert "sai-gon" in first
    assert shown == f'{line:>4} | ward = "sai-gom"'
    assert carets == f"{'':>4} |        ^^^^^^^^^"


def test_an_english_desk_speaks_english_even_when_it_is_broken(terminal: Terminal) -> None:
    """The first language of the file counts before anything else in it does."""
    terminal.write(BROKEN.replace("hotline", 'languages = ["en", "vi"]\nhotline'))
    assert "unknown ward" in terminal.run("check").err
    assert "unknown ward" in terminal.run("plan").complaint


def test_check_prints_problems_as_json(terminal: Terminal) -> None:
    """All at once, in the shape that programs know."""
    terminal.write(TWICE_BROKEN)
    said = terminal.run("check", "--json")
    assert (said.code, said.err) == (1, "")
    document = said.document
    assert set(document) == {"ok", "problems"}
    assert document["ok"] is False
    assert [problem["code"] for problem in document["problems"]] == ["unknown_ward", "not_a_span"]
    for problem in document["problems"]:
        assert list(problem) == ["file", "line", "column", "severity", "code", "message", "suggestion"]
    assert (document["problems"][0]["severity"], document["problems"][0]["suggestion"]) == (
        "error",
        "sai-gon",
    )


def test_a_warning_does_not_fail_a_check(terminal: Terminal) -> None:
    """What looks wrong is said, and the settings are accepted."""
    terminal.write(SMALL.replace("volunteer = 1", "leader = 1"))
    said = terminal.run("check", "--json")
    assert said.code == 0
    assert said.document["ok"] is True
    assert [problem["severity"] for problem in said.document["problems"]] == ["warning"]
    words = terminal.run("check")
    assert (words.code, words.err) == (0, "")
    assert "^" in words.out
    assert "hợp lệ" in words.out


@pytest.mark.parametrize(
    "command",
    ["plan", "apply", "simulate", "sessions", "roster", "messages", "available"],
)
@pytest.mark.parametrize("text", [None, BROKEN, TWICE_BROKEN], ids=["missing", "broken", "twice broken"])
def test_settings_that_cannot_be_used_are_one_line(
    terminal: Terminal, command: str, text: str | None
) -> None:
    """The first fault with its place, how many more there are, exit code 1, and no file is made."""
    if text:
        terminal.write(text)
    said = terminal.run(command)
    assert said.code == 1
    assert said.complaint.startswith(f"{terminal.settings}:")
    assert ("còn 1 lỗi" in said.complaint) is (text == TWICE_BROKEN)
    assert terminal.files() <= {"settings.toml"}


def test_plan_changes_nothing_not_even_a_file(terminal: Terminal) -> None:
    """Looking twice shows the same twice, and leaves no database behind."""
    terminal.write(SMALL)
    first, second = terminal.run("plan"), terminal.run("plan")
    assert first == second
    assert (first.code, first.err) == (0, "")
    assert f"+ {SESSION}" in first.out
    assert "1 tin cho 1 người, 1 đoạn, 820 VND" in first.out
    assert terminal.files() == {"settings.toml"}


def test_plan_and_apply_print_the_same_document(terminal: Terminal) -> None:
    """What the plan says is what applying then reports; afterwards nothing is left to do."""
    terminal.write(SMALL)
    planned = terminal.run("plan", "--json")
    assert planned.document == {
        "sessions": {"added": 1, "moved": 0, "cancelled": 0},
        "assignments": {"added": 2, "removed": 0},
        "texts": {"count": 1, "people": 1, "segments": 1, "cost": "820"},
        "held": False,
    }
    applied = terminal.run("apply", "--yes", "--json")
    assert (applied.code, applied.document) == (0, planned.document)
    assert terminal.run("plan", "--json").document == EMPTY_PLAN


def test_exit_code_3_means_changes(terminal: Terminal) -> None:
    """For scripts: 3 while something would change, 0 when nothing would."""
    terminal.write(SMALL)
    assert terminal.run("plan", "--exit-code").code == 3
    assert terminal.run("plan").code == 0
    terminal.run("apply", "--yes")
    assert terminal.run("plan", "--exit-code").code == 0


def test_without_a_price_there_is_no_cost(terminal: Terminal) -> None:
    """Null is not nothing: nobody has said what a text costs."""
    terminal.write(SMALL.replace('price = "820 VND"\n', ""))
    assert terminal.run("plan", "--json").document["texts"]["cost"] is None
    assert "VND" not in terminal.run("plan").out


def test_who_is_asked_in_english_hears_in_english_that_nothing_was_done(terminal: Terminal) -> None:
    """The terminal of a desk whose first language is English may say nothing of its own."""
    terminal.write(SMALL.replace("hotline", 'languages = ["en", "vi"]\nhotline'))
    terminal.speak("C")
    said = terminal.run("apply", typed="n\n")
    assert (said.code, "Apply? [y/N]" in said.out) == (1, True)
    assert said.err.endswith("catruc: stopped before it was done; nothing was changed\n")


@pytest.mark.parametrize(
    ("locale", "typed", "question", "end"),
    [
        ("vi_VN.UTF-8", "Có", "Áp dụng? [c/K]:", "Đã áp dụng."),
        ("vi_VN.UTF-8", "y", "Áp dụng? [c/K]:", "Đã áp dụng."),
        ("en_US.UTF-8", "y", "Apply? [y/N]:", "Applied."),
    ],
)
def test_apply_shows_the_plan_and_asks(
    terminal: Terminal, locale: str, typed: str, question: str, end: str
) -> None:
    """A yes applies, in the clerk's language too, and is told so."""
    terminal.write(SMALL)
    terminal.speak(locale)
    said = terminal.run("apply", typed=f"{typed}\n")
    assert said.code == 0
    assert f"+ {SESSION}" in said.out
    assert question in said.out
    assert said.out.endswith(f"{end}\n")
    assert terminal.run("roster", "--json").document


@pytest.mark.parametrize("typed", ["n\n", ""], ids=["a no", "no answer at all"])
def test_apply_without_a_yes_applies_nothing(terminal: Terminal, typed: str) -> None:
    """Refused or not answered: exit code 1, and nothing is in force."""
    terminal.write(SMALL)
    said = terminal.run("apply", typed=typed)
    assert said.code == 1
    assert said.err.splitlines()[-1].startswith("catruc: ")
    assert terminal.run("plan", "--exit-code").code == 3


def test_a_plan_that_is_no_longer_true_is_not_applied(desk: Terminal) -> None:
    """A volunteer refuses while the clerk reads: what was shown is not what would happen, so nothing does."""
    desk.write(SMALL.replace("volunteer = 1", "volunteer = 2"))
    refusal = ("decline", SESSION, "binh", "--settings", str(desk.settings))
    said = desk.run("apply", typed="y\n", meanwhile=lambda: catruc(*refusal))
    assert said.code == 1
    assert "chưa áp dụng gì" in said.err.splitlines()[-1]
    assert desk.run("sessions", "--applied", "--json").document[0]["needs"] == {"volunteer": 1}


def test_check_annotates_a_workflow(terminal: Terminal) -> None:
    """One command of GitHub a problem, and nothing where there is none."""
    terminal.write(BROKEN)
    said = terminal.run("check", "--github")
    assert said.code == 1
    (line,) = said.out.splitlines()
    assert line.startswith(f"::error file={terminal.settings},line=")
    terminal.write(SMALL)
    assert terminal.run("check", "--github") == Said(0, "", "")


def test_apply_asks_beside_the_document(terminal: Terminal) -> None:
    """With --json stdout holds one document; the plan in words and the question go to stderr."""
    terminal.write(SMALL)
    said = terminal.run("apply", "--json", typed="y\n")
    assert said.code == 0
    assert said.document["sessions"]["added"] == 1
    assert f"+ {SESSION}" in said.err


@pytest.mark.parametrize(
    ("amount", "currency", "language", "written"),
    [
        ("89380", "VND", "vi", "89.380 VND"),
        ("89380", "VND", "en", "89,380 VND"),
        ("0", "VND", "vi", "0 VND"),
        ("1234.5", "USD", "vi", "1.234,50 USD"),
        ("1234.5", "USD", "en", "1,234.50 USD"),
    ],
)
def test_money_is_written_as_people_write_it(amount: str, currency: str, language: str, written: str) -> None:
    """Points between thousands in Vietnamese, commas in English; only currencies with cents show them."""
    assert money(Decimal(amount), currency, language) == written


def test_applying_nothing_says_so_and_asks_nothing(desk: Terminal) -> None:
    """There is nothing to say yes to."""
    assert desk.run("apply") == Said(0, "Không có gì thay đổi.\n", "")
    desk.speak("en_US.UTF-8")
    assert desk.run("apply") == Said(0, "Nothing would change.\n", "")


def test_what_a_person_applies_waits_for_nobody(terminal: Terminal) -> None:
    """The plan waits; its carrying out does not, in words and in JSON."""
    terminal.write(SMALL.replace("[sms]", '[sms]\nchannel = "twilio"'))
    assert terminal.run("plan", "--json").document["held"] is True
    assert "chờ" not in terminal.run("apply", typed="n\n").out
    assert terminal.run("apply", "--yes", "--json").document["held"] is False


def test_by_hand_every_edit_waits(desk: Terminal) -> None:
    """With mode = "manual" the plan says that it waits for a person, however small it is."""
    by_hand = SMALL.replace("[sms]", '[apply]\nmode = "manual"\n[sms]')
    desk.write(by_hand)
    assert desk.run("plan", "--json").document["held"] is True
    desk.run("apply", "--yes")
    assert desk.run("plan", "--json").document["held"] is False
    desk.write(by_hand.replace("12:00-14:30", "13:00-15:30"))
    assert "chờ người duyệt bằng catruc apply" in desk.run("plan").out
    said = desk.run("apply", "--yes")
    assert "~ " in said.out
    assert "chờ" not in said.out


def test_the_first_settings_of_all_wait_for_nobody_by_hand(terminal: Terminal) -> None:
    """With nothing in force the service would apply them, on the console, in any mode."""
    terminal.write(SMALL.replace("[sms]", '[apply]\nmode = "manual"\n[sms]'))
    assert terminal.run("plan", "--json").document["held"] is False


WITH_WARD_FILE = 'include = ["phuong.toml"]\n' + SMALL + 'place = "ubnd"\n'
WARD_FILE = """\
[[places]]
id = "buu-cuc"
name = "Bưu cục"
ward = "Tân Định"
"""


@pytest.mark.parametrize("database", ["", 'database = "sqlite:///so-truc.db"\n'], ids=["usual", "named"])
def test_a_faulty_ward_file_stays_as_it_is_in_force(terminal: Terminal, database: str) -> None:
    """The rest of the edit is planned and applied; stderr tells what is wrong, and that it stays."""
    main = WITH_WARD_FILE.replace("hotline", f"{database}hotline")
    ward = terminal.folder / "phuong.toml"
    ward.write_text(WARD_FILE, encoding="utf-8")
    terminal.write(main)
    assert terminal.run("apply", "--yes").code == 0
    ward.write_text(WARD_FILE.replace("Tân Định", "Tan Dimh"), encoding="utf-8")
    terminal.write(main.replace("12:00-14:30", "13:00-15:30"))
    planned = terminal.run("plan", "--json")
    assert (planned.code, planned.document["sessions"]["moved"]) == (0, 1)
    assert 'phuong.toml:4:9: lưu ý: không có phường "Tan Dimh"' in planned.err
    assert "giữ như bản đang áp dụng" in planned.err
    assert terminal.run("apply", "--yes").code == 0
    assert terminal.run("sessions", "--applied", "--json").document[0]["starts"].endswith("13:00:00+07:00")


def test_a_faulty_ward_file_with_nothing_in_force_is_a_failure(terminal: Terminal) -> None:
    """There is no last good version to fall back on, and looking makes no file."""
    (terminal.folder / "phuong.toml").write_text(WARD_FILE.replace("Tân", "Tam"), encoding="utf-8")
    terminal.write(WITH_WARD_FILE)
    said = terminal.run("apply", "--yes")
    assert said.code == 1
    assert "phuong.toml:4:9" in said.complaint
    assert terminal.files() == {"settings.toml", "phuong.toml"}


def test_a_file_that_is_not_there_has_no_line_to_show(terminal: Terminal) -> None:
    """An empty line with a caret would point at nothing."""
    (line,) = terminal.run("check").err.splitlines()
    assert line.endswith("không có tệp này")


def test_a_large_change_says_that_it_waits(terminal: Terminal) -> None:
    """The first apply on a channel that costs money is for a person."""
    terminal.write(SMALL.replace("[sms]", '[sms]\nchannel = "twilio"'))
    said = terminal.run("plan")
    assert "catruc apply" in said.out
    assert terminal.run("plan", "--json").document["held"] is True


@pytest.mark.parametrize(
    ("edit", "sign"),
    [
        (("12:00-14:30", "13:00-15:30"), "~ "),
        (('on_holiday = "keep"', 'on_holiday = "keep"\nexcept = [EVENING]\nalso = [LATER]'), "- "),
    ],
    ids=["moved", "cancelled and added"],
)
def test_a_plan_marks_each_change(desk: Terminal, edit: tuple[str, str], sign: str) -> None:
    """+ comes, ~ moves, - goes."""
    new = edit[1].replace("EVENING", str(EVENING)).replace("LATER", str(LATER))
    desk.write(SMALL.replace(edit[0], new))
    assert any(line.startswith(f"{sign}{SESSION}") for line in desk.run("plan").out.splitlines())


def test_what_is_on_again_comes(desk: Terminal) -> None:
    """A session that was called off and comes back is the same session."""
    desk.write(f"{SMALL}except = [{EVENING}]\nalso = [{LATER}]\n")
    assert desk.run("apply", "--yes", "--json").document["sessions"]["cancelled"] == 1
    desk.write(SMALL)
    assert f"+ {SESSION}" in desk.run("plan").out
    assert desk.run("plan", "--json").document["sessions"] == {"added": 1, "moved": 0, "cancelled": 0}


def test_a_long_plan_is_read_at_a_glance(terminal: Terminal) -> None:
    """A month of one shift is one line with its first and its last session, not a screen of lines."""
    terminal.write(SMALL.replace(f"until = {EVENING}", ""))
    (line,) = [line for line in terminal.run("plan").out.splitlines() if line.startswith("+ ")]
    last = TODAY + timedelta(days=28)
    assert line.startswith(f"+ {SESSION}")
    assert f"{last:%d/%m}" in line


def test_the_database_lies_beside_the_settings(terminal: Terminal) -> None:
    """Wherever the command is run from: a relative path is relative to the file."""
    terminal.write(SMALL.replace("hotline", 'database = "sqlite:///so-truc.db"\nhotline'))
    assert terminal.run("apply", "--yes").code == 0
    assert "so-truc.db" in terminal.files()


@pytest.mark.parametrize(
    "spoiled",
    [
        pytest.param(lambda text: text.encode("latin-1", "replace"), id="ANSI"),
        pytest.param(lambda text: b"\xff\xfe" + text.encode("utf-16-le") + b"\0", id="cut within a letter"),
    ],
)
def test_a_file_that_is_no_text_names_its_database_all_the_same(
    terminal: Terminal, spoiled: Callable[[str], bytes]
) -> None:
    """What is in force there goes on, and nothing that lies where a file without that line has it."""
    named = SMALL.replace("hotline", 'database = "sqlite:///so-truc.db"\nhotline')
    terminal.write(named)
    assert terminal.run("apply", "--yes").code == 0
    rows = terminal.run("roster", "--json").document
    terminal.settings.write_bytes(spoiled(named))
    assert terminal.run("roster", "--json").document == rows != []


def test_the_environment_names_another_database(
    terminal: Terminal, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """CATRUC_DATABASE wins over the file."""
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "other.db"
    terminal.write(SMALL)
    terminal.export("CATRUC_DATABASE", f"sqlite:///{elsewhere}")
    assert terminal.run("apply", "--yes").code == 0
    assert elsewhere.exists()
    assert terminal.files() == {"settings.toml"}


@pytest.mark.parametrize("scheme", ["postgresql+psycopg", "postgresql"])
def test_the_database_may_be_postgresql(
    terminal: Terminal, postgres_server: PostgresServer, scheme: str
) -> None:
    """The same commands, and nothing in the folder."""
    terminal.write(SMALL)
    with postgres_server.fresh_database() as url:
        terminal.export("CATRUC_DATABASE", url.replace("postgresql+psycopg", scheme))
        assert terminal.run("apply", "--yes").code == 0
        assert {one["person"] for one in terminal.run("roster", "--json").document} == {"dung", "binh"}
    assert terminal.files() == {"settings.toml"}


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "sqlite:///catruc.db"),
        ("mysql://root:geheim@host/db", "sqlite:///catruc.db"),
        ("postgresql://catruc:geheim@host:port/db", "sqlite:///catruc.db"),
        ("postgresql+psycopg://catruc:geheim@127.0.0.1:9/db", "connect"),
    ],
)
@pytest.mark.parametrize("command", [("plan",), ("apply", "--yes"), ("roster",)])
def test_a_database_that_cannot_be_used_is_one_line(
    terminal: Terminal, command: tuple[str, ...], url: str, says: str
) -> None:
    """No traceback, and no password in it."""
    terminal.write(SMALL)
    terminal.export("CATRUC_DATABASE", url)
    said = terminal.run(*command)
    assert said.code == 1
    assert says in said.complaint
    assert "geheim" not in said.err


def test_an_address_that_the_settings_misspell_is_told_as_theirs(terminal: Terminal) -> None:
    """Where nobody has set a variable, no sentence is about one alone; and no other database is looked at."""
    terminal.write(SMALL.replace("hotline", 'database = "sqlite:/so-truc.db"\nhotline'))
    assert terminal.run("roster").complaint.startswith("`database` (or CATRUC_DATABASE) is not the address")


def test_a_folder_that_is_missing_is_named(terminal: Terminal) -> None:
    """Where the database cannot be made, the sentence says where that was."""
    terminal.write(SMALL)
    terminal.export("CATRUC_DATABASE", "sqlite:////nowhere/at/all.db")
    said = terminal.run("apply", "--yes")
    assert said.code == 1
    assert "/nowhere/at/all.db" in said.complaint


def test_a_real_process_prints_utf8_and_exits_by_the_book(tmp_path: Path) -> None:
    """The command as people start it, in a folder with settings.toml and no options."""
    (tmp_path / "settings.toml").write_text(SMALL, encoding="utf-8")
    checked = catruc("check", folder=tmp_path, more={"LANG": "C.UTF-8"})
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.startswith("settings.toml: hợp lệ.")
    planned = catruc("plan", "--json", "--exit-code", folder=tmp_path)
    assert planned.returncode == 3
    assert json.loads(planned.stdout)["sessions"]["added"] == 1


def test_no_library_has_a_word_in_a_document(tmp_path: Path) -> None:
    """The real process: what a C library prints passes by `sys.stdout`, and spoils what programs read."""
    settings = tmp_path / "settings.toml"
    settings.write_text(SMALL, encoding="utf-8")
    planned = catruc("plan", "--json", "--settings", str(settings))
    assert json.loads(planned.stdout)["assignments"]["added"] > 0
