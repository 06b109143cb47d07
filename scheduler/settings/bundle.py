"""All texts that settings were read from, as one text that can be stored and read again without the files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bundle:
    """The texts by the name of their file, relative to the folder of `main`, which is one of them.

    `included` are the files that `main` includes; what is neither is a list of people.
    """

    main: str
    texts: Mapping[str, str]
    included: tuple[str, ...] = ()

    def __str__(self) -> str:
        """One file as it is; several as JSON, the same for the same texts."""
        if len(self.texts) == 1:
            return self.texts[self.main]
        kept = {"main": self.main, "included": self.included, "files": dict(sorted(self.texts.items()))}
        return json.dumps(kept, ensure_ascii=False)


def bundle_of(source: str, main: str) -> Bundle:
    """What `source` was made of; a text that is no bundle is the file `main` itself."""
    # No TOML begins with a brace.
    if source.startswith("{"):
        try:
            kept = json.loads(source)
            texts = {str(name): str(text) for name, text in kept["files"].items()}
            return Bundle(str(kept["main"]), texts, tuple(map(str, kept["included"])))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            pass  # then it is text like any other, and is told to be no TOML
    return Bundle(main, {main: source})
