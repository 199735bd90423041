"""What the issuer's commands print for a person: progress, tables of problems. Knows no service and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

#: Messages and progress go here, so that standard output holds results only.
messages = Console(stderr=True, highlight=False)
results = Console(highlight=False, soft_wrap=True)


class Problem(Protocol):
    """One thing wrong with one cell of an uploaded file."""

    @property
    def row(self) -> int: ...
    @property
    def column(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def remedy(self) -> str: ...


@contextmanager
def progress_bar(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar while the block runs; the block calls what it gets with the number that is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=messages) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done: progress.update(task, completed=done)


def show_problems(problems: Iterable[Problem], title: str) -> None:
    """Print problems as a table: row, column, value, reason, remedy."""
    table = Table(title=title, title_justify="left", title_style="bold", show_edge=False, pad_edge=False)
    for name in ("Row", "Column", "Value", "What is wrong", "What to do"):
        table.add_column(name, overflow="fold", justify="right" if name == "Row" else "left")
    for problem in problems:
        cells = (str(problem.row), problem.column, problem.value, problem.reason, problem.remedy)
        table.add_row(*(Text(cell) for cell in cells))
    messages.print(table)


def show_facts(facts: Sequence[tuple[str, str]]) -> None:
    """Print names and values in two columns."""
    width = max(len(name) for name, _ in facts)
    for name, value in facts:
        results.print(Text(f"  {name:<{width}}  {value}"))
