"""Where the files of the settings come from: a folder of the disk, a stored text, or one of them frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Protocol

from scheduler.settings.bundle import Bundle, bundle_of
from scheduler.settings.finding import Finding
from scheduler.settings.part import Part, kept_list_part, own_text_part, toml_part


class Outside(ValueError):
    """A name that leads to nothing which may be read; `code` chooses the sentence.

    `name` is the one that is wrong, where it is not the one that was asked for.
    """

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.name = name


class Origin(Protocol):
    """What reading asks for. Files go by their names relative to the folder of the main file."""

    def main(self) -> Part:
        """The main file."""
        ...

    def included(self, main: Part) -> tuple[tuple[str, ...], list[Finding]]:
        """The files that `main` includes, sorted; and what is wrong with how it names them."""
        ...

    def toml(self, name: str) -> Part | None:
        """An included file; None where its part is left out."""
        ...

    def people(self, name: str) -> Part | None:
        """A list of people; None where its part is left out.

        Raises:
            Outside: it is not below the folder, or of another kind than can be read.
        """
        ...

    def own_texts(self, main: Part) -> tuple[tuple[str, ...], list[Finding]]:
        """The files with texts of the administrator's, sorted; and what is wrong with where they are."""
        ...

    def own_text(self, name: str) -> Part | None:
        """One of those files; None where its part is left out."""
        ...

    def told_as(self, name: str) -> str:
        """The name of a file as problems tell it."""
        ...

    def may_judge(self, bundle: Bundle) -> bool:
        """Whether looking at these texts together costs no more than it may."""
        ...


@dataclass(frozen=True)
class Stored:
    """Files from a text that was stored; `name` is what problems call the main one."""

    bundle: Bundle
    name: str

    @classmethod
    def of(cls, source: str, name: str) -> "Stored":
        """What `source` was made of."""
        return cls(bundle_of(source, PurePath(name).name), name)

    def main(self) -> Part:
        """The main file."""
        return toml_part(self.bundle.texts.get(self.bundle.main, ""), self.bundle.main, is_main=True)

    def included(self, main: Part) -> tuple[tuple[str, ...], list[Finding]]:
        """What was included when it was stored."""
        del main
        return self.bundle.included, []

    def toml(self, name: str) -> Part | None:
        """An included file."""
        return toml_part(self.bundle.texts[name], name, is_main=False) if name in self.bundle.texts else None

    def people(self, name: str) -> Part | None:
        """A list of people, from its rows."""
        return kept_list_part(self.bundle.texts[name], name) if name in self.bundle.texts else None

    def own_texts(self, main: Part) -> tuple[tuple[str, ...], list[Finding]]:
        """What there was when it was stored."""
        del main
        return self.bundle.own_texts, []

    def own_text(self, name: str) -> Part | None:
        """A text of the administrator's."""
        return own_text_part(self.bundle.texts[name], name) if name in self.bundle.texts else None

    def told_as(self, name: str) -> str:
        """Beside the main file."""
        return told_beside(self.name, name) if name != self.bundle.main else self.name

    def may_judge(self, bundle: Bundle) -> bool:
        """It was judged once."""
        del bundle
        return True


@dataclass(frozen=True)
class Held(Stored):
    """Files from a stored text, of which some have been read already."""

    parts: Mapping[str, Part] = field(default_factory=dict)

    def main(self) -> Part:
        """The main file."""
        return self._known(self.bundle.main) or super().main()

    def toml(self, name: str) -> Part | None:
        """An included file."""
        return self._known(name) or super().toml(name)

    def people(self, name: str) -> Part | None:
        """A list of people."""
        return self._known(name) or super().people(name)

    def own_text(self, name: str) -> Part | None:
        """A text of the administrator's."""
        return self._known(name) or super().own_text(name)

    def _known(self, name: str) -> Part | None:
        part = self.parts.get(name)
        return part if part and part.text == self.bundle.texts.get(name) else None


@dataclass(frozen=True)
class Frozen:
    """The files of `live`, but those in `names` as they were in `last`."""

    live: Origin
    last: Stored
    names: frozenset[str]

    def main(self) -> Part:
        """The main file as it is now."""
        return self.live.main()

    def included(self, main: Part) -> tuple[tuple[str, ...], list[Finding]]:
        """What the main file includes now."""
        return self.live.included(main)

    def toml(self, name: str) -> Part | None:
        """An included file, or what it was."""
        return self.last.toml(name) if name in self.names else self.live.toml(name)

    def people(self, name: str) -> Part | None:
        """A list of people, or what it was."""
        return self.last.people(name) if name in self.names else self.live.people(name)

    def own_texts(self, main: Part) -> tuple[tuple[str, ...], list[Finding]]:
        """Those that there are now."""
        return self.live.own_texts(main)

    def own_text(self, name: str) -> Part | None:
        """A text of the administrator's, or what it was."""
        return self.last.own_text(name) if name in self.names else self.live.own_text(name)

    def told_as(self, name: str) -> str:
        """As the live files are told."""
        return self.live.told_as(name)

    def may_judge(self, bundle: Bundle) -> bool:
        """As of the live files."""
        return self.live.may_judge(bundle)


def told_beside(main: str, name: str) -> str:
    """How a clerk would write the name of a file that stands beside `main`, or below."""
    return str(PurePath(main).parent / name)
