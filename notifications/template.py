"""Texts as templates: one file a text and language, fields in, one line out.

Jinja2 in its sandbox, with strings only: a name that holds template signs or line ends stays a name.
"""

from collections.abc import Mapping
from importlib.resources.abc import Traversable

from jinja2 import DictLoader, StrictUndefined, TemplateError, TemplateSyntaxError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

SUFFIX = ".txt"


class BadText(ValueError):
    """A text that cannot be written: unknown, misspelt, or without one of its fields."""


class Templates:
    """The texts in `sources`, by file name ``NAME.LANG.txt``."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = dict(sources)
        self._environment = ImmutableSandboxedEnvironment(
            loader=DictLoader(self._sources),
            undefined=StrictUndefined,
            autoescape=False,  # texts for phones, not pages: "&amp;" would be sent and paid for
        )
        self._fields = {file: self._fields_in(file) for file in self._sources}

    def fields_of(self, name: str, language: str) -> frozenset[str]:
        """The fields that a text takes.

        Raises:
            BadText: there is no such text.
        """
        return self._fields[self._file(name, language)]

    def render(self, name: str, language: str, fields: Mapping[str, str]) -> str:
        """The text in `language`, on one line with single spaces.

        Raises:
            BadText: there is no such text, or one of its fields is not given.
        """
        file = self._file(name, language)
        missing = sorted(self._fields[file] - fields.keys())
        if missing:
            given = ", ".join(sorted(fields)) or "none"
            raise BadText(f'{file} names the field "{missing[0]}", which is not given; given are: {given}')
        try:
            written = self._environment.get_template(file).render(fields)
        except TemplateError as error:
            raise BadText(f"{file} cannot be written: {error}") from error
        return " ".join(written.split())

    def _file(self, name: str, language: str) -> str:
        file = f"{name}.{language}{SUFFIX}"
        if file not in self._sources:
            known = ", ".join(sorted(self._sources)) or "none"
            raise BadText(f"there is no text {file}; there are: {known}")
        return file

    def _fields_in(self, file: str) -> frozenset[str]:
        try:
            parsed = self._environment.parse(self._sources[file], filename=file)
            return frozenset(meta.find_undeclared_variables(parsed))
        except TemplateSyntaxError as error:
            raise BadText(f"{file}:{error.lineno}: {error.message}") from error


def templates_in(folder: Traversable) -> Templates:
    """All texts of a folder, read as UTF-8."""
    files = (entry for entry in folder.iterdir() if entry.name.endswith(SUFFIX))
    return Templates({file.name: file.read_text(encoding="utf-8") for file in files})
