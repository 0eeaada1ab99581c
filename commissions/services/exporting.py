"""Writing all lines of a run into files, once they add up to what the run pays."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as arrow_compute

from commissions.errors import ExportRefused
from commissions.exports import names
from commissions.exports.files import refuse_files, written_aside
from commissions.exports.sources import Source, source_of
from commissions.exports.tables import SCHEMA, tables_of
from commissions.models import Run
from commissions.progress import Watch
from mlm.errors import InvariantBroken


def export_lines(
    run: Run, folder: Path, formats: list[str], *, may_replace: bool = False, watch: Watch
) -> list[Path]:
    """Write all lines of a run into a folder, a file for each format; return the files.

    Refused for a run without lines to show, a folder that cannot be written into, and files that
    are there already. Lines that are not the run's total together are no files: `InvariantBroken`.
    Memory grows with members and sales, whose names are held, and not with lines. Eight queries.
    """
    paths = [folder / f"{name_of(run)}.{one}" for one in formats]
    refuse_files(paths, may_replace=may_replace)
    watch.begin("calculate" if run.kind == Run.Kind.LIVE else "read")
    source = source_of(run)
    watch.turn_to("names")
    tables = tables_of(source, names.members(), names.sales(source.sales))
    watch.begin("export", unit="lines", total=source.lines)
    lines, total_minor = 0, 0
    try:
        with written_aside(paths, SCHEMA) as writers:
            for table in tables:
                for writer in writers:
                    writer.write_table(table)
                lines += len(table)
                total_minor += int(arrow_compute.sum(table["amount_minor"]).as_py() or 0)
                watch.count(len(table))
                watch.tell(watch.progress)
            _check(source, lines, total_minor)
    except OSError as failure:
        raise ExportRefused(f"The files could not be written: {failure}.") from failure
    watch.end()
    return paths


def name_of(run: Run) -> str:
    """Return what the files of a run are called, without the format."""
    label = run.period.label.replace(" ", "-")
    return f"lines-{run.period.type_id}-{label}-run-{run.pk}"


def _check(source: Source, lines: int, total_minor: int) -> None:
    if (lines, total_minor) != (source.lines, source.total_minor):
        raise InvariantBroken(
            f"run {source.run.pk} pays {source.total_minor} by {source.lines} lines,"
            f" and {lines} lines come to {total_minor}"
        )
