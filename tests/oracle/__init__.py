"""The slow, obvious version of every rule, written from docs/plan-language.md alone.

Nothing is done for speed: people are dataclasses in a dict, figures are fractions, and what the
documentation says in a sentence is one statement. `period.work_out` answers a `run.Question` (a
plan, people, sales, a period, what was left and posted before) with a `lines.Answer`.

To lay it beside the page, paragraph by paragraph:

* reading: `reading`, `reading_volumes`, `reading_requirements`; what they mean: `plan`, `phrases`
* sales, trees, life cycle: `sales`, `trees`, `people`
* volumes: `figures`, `groups`, `weighted`; requirements: `requirements`
* activity and ranks, and in which order: `standings`, `ranks`, `needs`
* rates, the way up, leaders: `rates`, `way_up`, `leaders`; one file for each kind in `bonuses`
* what lines rest on, caps, deductions, rounding: `evidence`, `caps`, `deductions`, `rounding`
* state, returns: `state`, `state_left`, `returns`
* examples: `notation`, `checking`; the lab's files: `files`, `on_files`

`examples/` are plans with examples worked out by hand. `drawing` draws cases, and only `lab_side`
and those who compare know anything of engine and lab: they ask them the same question.
"""
