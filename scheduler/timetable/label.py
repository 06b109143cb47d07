"""A text that people read, in Vietnamese and in English."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """One text in both languages; a plain string in the settings stands for both."""

    vi: str
    en: str

    @classmethod
    def same(cls, text: str) -> "Label":
        """The label that reads the same in every language."""
        return cls(text, text)

    def in_language(self, language: str) -> str:
        """The text in `language` ("vi" or "en")."""
        return self.en if language == "en" else self.vi
