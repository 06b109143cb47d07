"""schema: what an editor must know of settings.toml."""

from typing import Any

import click

from scheduler.cli.asked import json_option, print_json, settings_option


@click.command()
@settings_option
@json_option
def schema(**_as_all_commands: Any) -> int:
    """Prints the JSON Schema of settings.toml, for editors; the same for every settings file."""
    from scheduler.settings.schema import settings_schema

    print_json(settings_schema())
    return 0
