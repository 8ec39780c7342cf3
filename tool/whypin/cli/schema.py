"""`whypin schema`: the JSON Schema of a decision record."""

from __future__ import annotations

import click

from whypin.cli.options import no_project


@click.command("schema")
@no_project
def command() -> None:
    """Print the JSON Schema of a decision record.

    Saved as record.schema.json beside the records, it lets editors complete and check them.
    """
    import json

    from whypin.records.format import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
