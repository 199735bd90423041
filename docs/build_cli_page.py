"""Writes docs/command-line.md out of the commands' own `--help`; a test holds the page and the commands together.

Run it as `python docs/build_cli_page.py` after a change of a command; `--print` shows the page and writes nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

REPOSITORY = Path(__file__).resolve().parent.parent
PAGE = REPOSITORY / "docs" / "command-line.md"
WIDTH = 100

INTRODUCTION = """# The command line

`plaudit` is one command with a few subcommands. `PLAUDIT_HOME` names the data folder and `PLAUDIT_BASE_URL` the public
address that records carry; `plaudit init` writes both into a new instance and later starts are held to them.

Where a command prints results it takes `--json` and then prints one JSON document to standard output; progress and
messages go to standard error. Exit codes: **0** done, or valid · **1** refused, or not valid · **2** could not be
checked or reached · **64** the command was not used right.
"""


def page(command: click.Command) -> str:
    """The whole page for `command`, as Markdown."""
    sections = (f"## `{path}`\n\n```text\n{text}\n```\n" for path, text in _helps(command, "plaudit", None))
    return INTRODUCTION + "\n" + "\n".join(sections)


def _helps(command: click.Command, path: str, parent: click.Context | None) -> Iterator[tuple[str, str]]:
    settings = {**command.context_settings, "terminal_width": WIDTH}
    context = click.Context(command, info_name=path.rsplit(" ", 1)[-1], parent=parent, **settings)
    yield path, command.get_help(context).rstrip()
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from _helps(child, f"{path} {name}", context)


if __name__ == "__main__":
    sys.path.insert(0, str(REPOSITORY))
    from plaudit import cli

    if sys.argv[1:] == ["--print"]:
        sys.stdout.write(page(cli))
    else:
        PAGE.write_text(page(cli), encoding="utf-8")
