"""The rules, profiles and numbers are whole, versioned, and say where they come from."""

from datetime import date

import pytest

from commissions.plan.lawful.law import MARKS, Severity, markets, numbers, profiles, rules
from commissions.plan.lawful.review import CHECKS

ORDER = [Severity.OFF, Severity.WARN, Severity.SIGN, Severity.REFUSE]


def test_every_rule_is_looked_at_when_the_plan_is_read_or_by_a_check() -> None:
    assert {name for name, rule in rules().items() if not rule.when_read} == set(CHECKS)


@pytest.mark.parametrize("name", ["lab", "existing", "default", "strict"])
def test_a_profile_says_how_every_checked_rule_is_taken(name: str) -> None:
    profile = profiles()[name]

    assert set(profile.severities) == set(CHECKS)
    assert profile.version >= 1
    assert date.fromisoformat(profile.dated) <= date(2100, 1, 1)
    assert profile.title


def test_profiles_only_become_stricter() -> None:
    lab, existing, default, strict = (profiles()[name].severities for name in profiles())

    for rule in CHECKS:
        steps = [ORDER.index(one[rule]) for one in (lab, existing, default, strict)]
        assert steps == sorted(steps), rule


def test_an_existing_company_signs_for_exactly_what_a_new_one_is_refused() -> None:
    lab, existing, default = (
        profiles()[name].severities for name in ("lab", "existing", "default")
    )

    for rule in CHECKS:
        if lab[rule] == Severity.REFUSE:
            assert existing[rule] == default[rule] == Severity.REFUSE
        elif default[rule] == Severity.REFUSE:
            assert existing[rule] == Severity.SIGN
        else:
            assert existing[rule] == default[rule]


def test_every_source_says_how_sure_it_is_and_a_published_one_where_it_stands() -> None:
    sources = [source for rule in rules().values() for source in rule.sources]
    sources += [number.source for number in numbers().values()]
    sources += [law.source for law in markets().values()]

    assert all(source.mark in MARKS for source in sources)
    published = [source for source in sources if source.mark == "S"]
    assert all(source.address.startswith("http") for source in published)


def test_what_is_not_confirmed_says_so_in_words() -> None:
    assert "recalled, not confirmed" in str(markets()["KR"].source)
    assert "a default, not law" in rules()["head-count-gate"].source
    assert "not" not in rules()["pay-for-joining"].source


def test_sentences_are_sentences() -> None:
    for rule in rules().values():
        assert rule.title[0].isupper()
        assert rule.why[0].isupper()
        assert not rule.why.endswith(".")
        assert rule.remedy.endswith(".")


def test_an_unknown_profile_is_no_profile() -> None:
    from commissions.plan.lawful.review import review

    with pytest.raises(KeyError):
        review("", "lenient")
