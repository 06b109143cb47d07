"""All texts that settings were read from, as one text that can be stored and read again without the files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bundle:
    """What the files say by their names, relative to the folder of `main`, which is one of them.

    `included` are the files that `main` includes, `own_texts` those with texts that are sent; what is neither
    is a list of people.
    """

    main: str
    texts: Mapping[str, str]
    included: tuple[str, ...] = ()
    own_texts: tuple[str, ...] = ()

    def __str__(self) -> str:
        """One file as it is; several as JSON, the same for the same texts."""
        if len(self.texts) == 1:
            return self.texts[self.main]
        own = {"own_texts": self.own_texts} if self.own_texts else {}
        files = dict(sorted(self.texts.items()))
        kept = {"main": self.main, "included": self.included, **own, "files": files}
        return json.dumps(kept, ensure_ascii=False)


def bundle_of(source: str, main: str) -> Bundle:
    """What `source` was made of; a text that is no bundle is the file `main` itself."""
    # No TOML begins with a brace.
    if source.startswith("{"):
        try:
            kept = json.loads(source)
            texts = {str(name): str(text) for name, text in kept["files"].items()}
            included, own_texts = (tuple(map(str, kept.get(key, ()))) for key in ("included", "own_texts"))
            return Bundle(str(kept["main"]), texts, included, own_texts)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            pass  # then it is text like any other, and is told to be no TOML
    return Bundle(main, {main: source})
