"""Says what came of drawn cases, and whether that is good enough."""

from collections.abc import Sequence
from pathlib import Path

from tests.oracle.covering import all_cells, fewer_than, table
from tests.oracle.fuzzing import Report, Tell, fuzz, save_failures

MANY_CASES = 10_000
LEAST_IN_A_CELL = 50


def fuzz_and_report(
    *, seeds: Sequence[int], jobs: int, seconds: int | None, report_to: Path | None, tell: Tell
) -> bool:
    """Run cases, tell what came of them, and return whether nothing is wrong."""
    report = fuzz(seeds, jobs=jobs, seconds=seconds, tell=tell)
    save_failures(report, tell)
    text = "\n".join(sentences(report))
    tell(text)
    if report_to is not None:
        report_to.write_text(text + "\n", encoding="utf-8")
    return not complaints(report)


def sentences(report: Report) -> list[str]:
    """Return the table, what was refused, and at the end what is wrong."""
    return [
        *table(report.hits),
        "",
        f"{report.cases:,} cases in {report.seconds:,} seconds; {len(all_cells()):,} cells",
        *(f"refused {count:,} times: {kind}" for kind, count in report.refusals.most_common()),
        *(complaints(report) or ["Nothing differs."]),
    ]


def complaints(report: Report) -> list[str]:
    found = []
    if report.failures:
        seeds = ", ".join(str(seed) for seed, _ in report.failures[:20])
        found.append(f"{len(report.failures):,} cases failed: {seeds}")
    if report.is_refused_too_often:
        found.append(f"{report.refusals.total():,} plans were refused, too many")
    if report.cases >= MANY_CASES:
        few = fewer_than(LEAST_IN_A_CELL, report.hits)
        found += [f"only {report.hits[cell]:,} cases: {' | '.join(cell)}" for cell in few]
    return found
