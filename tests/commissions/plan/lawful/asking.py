"""Small plans, and what a profile finds in them."""

from pathlib import Path

from commissions.plan.lawful.findings import Finding, Review
from commissions.plan.lawful.review import review

ROOT = Path(__file__).resolve().parents[4]
GALLERY = sorted((ROOT / "plans").glob("*.toml"))
PUBLISHED = sorted((ROOT / "tests/plans").rglob("plan.toml"))
REFUSED = sorted((ROOT / "tests/plans/refused").glob("*.toml"))

HEAD = """
name     = "Small"
currency = "USD"
cadence  = "monthly"
"""
SOLD = """
[volume]
SOLD = "pv of customers' orders"
BASE = "cv of customers' orders"
"""
TEAM = """
[[bonus]]
name        = "Team"
kind        = "unilevel"
pays_on     = "BASE"
compression = "none"
rates       = ["5%", "5%"]
"""


def without_examples(text: str) -> str:
    """Return a plan without its own tests."""
    return text.split("\n[[example]]")[0] + "\n"


def plan(*parts: str) -> str:
    """Return a plan's text with the keys that every plan must have."""
    return HEAD + "".join(parts)


def rank(name: str, *require: str) -> str:
    """Return a rank."""
    phrases = ", ".join(f'"{phrase}"' for phrase in require)
    return f'\n[[rank]]\nname = "{name}"\nrequire = [{phrases}]\n'


def active(*require: str) -> str:
    """Return who is active."""
    phrases = ", ".join(f'"{phrase}"' for phrase in require)
    return f"\n[active]\nrequire = [{phrases}]\n"


def found(text: str, rule: str, profile: str = "default", markets: tuple[str, ...] = ()) -> Review:
    """Return a review with nothing but the findings of one rule."""
    whole = review(text, profile, markets)
    kept = tuple(finding for finding in whole.findings if finding.rule == rule)
    return Review(whole.profile, kept, whole.worst_case)


def about(
    text: str, rule: str, profile: str = "default", markets: tuple[str, ...] = ()
) -> list[str]:
    """Return what the findings of one rule are about, in the order of the text."""
    return [finding.what for finding in found(text, rule, profile, markets).findings]


def only(text: str, rule: str, profile: str = "default", markets: tuple[str, ...] = ()) -> Finding:
    """Return the one finding of a rule."""
    (finding,) = found(text, rule, profile, markets).findings
    return finding
