"""The rules that no linter knows. Each takes a path and its text and returns what is wrong."""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
ENGINE = "commissions/engine/"
PLUMBING = ENGINE + "_compile.py"  # joins paths with / and never sees an amount
COMPILERS = frozenset({"numpy", "numba", "llvmlite"})  # the last one knows the processor's name
MONEY_APPS = ("orders/", "commissions/")
IMPURE = frozenset({"time", "datetime", "random", "secrets", "socket", "subprocess", "threading"})
FLOATS = frozenset({"float", "complex", "float16", "float32", "float64", "double", "single"})
FLOAT_CODES = re.compile(r"[<>=|]?(f[248]|d|float\d*|double)")
OWN_TEXT = (".py", ".html", ".txt", ".md", ".js", ".css", ".sh", ".toml", ".yml", ".yaml", ".svg")
INLINE = {
    "a script that is not a file": re.compile(r"<script(?![^>]*\bsrc=)", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "hx-on needs eval": re.compile(r"\shx-on[:\-]", re.I),
    "js: needs eval": re.compile(r"""["']\s*(js|javascript):""", re.I),
}
DATA_SCRIPT = re.compile(r'type="(application/json|application/ld\+json)"', re.I)
COMPILED = re.compile(r"\b(n?jit|kernel|guvectorize|vectorize)\b")
LOOSE = re.compile(r"(#|//|/\*|<!--)[^\n]*\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b(?!\(#\d+\))")
MACHINE = re.compile("(?<![\\w.])/(" + "|".join(("wo" + "rk", "ro" + "ot", "ho" + "me")) + ")/")

Rule = Callable[[str, str], Iterator[str]]


def long_file(path: str, text: str) -> Iterator[str]:
    """A file of ours ends at 400 lines; makemigrations knows no such end."""
    lines = text.count("\n")
    if (
        "/migrations/" not in path
        and path.endswith((".py", ".html", ".js", ".css", ".sh"))
        and lines > FILE_LINES_MAX
    ):
        yield f"{lines} lines"


def long_function(path: str, text: str) -> Iterator[str]:
    """A function ends at 60 lines; a numba kernel may be longer and says why (`# long: ...`)."""
    for node in _walk(path, text):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX and not _is_reasoned_kernel(node, text):
                yield f"{node.name} has {lines} lines"


def float_in_engine(path: str, text: str) -> Iterator[str]:
    """Money, volume and rates are integers: no float literal, type, dtype or true division."""
    if not path.startswith(ENGINE):
        return
    for node in _walk(path, text):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield f"line {node.lineno}: {node.value}"
        elif isinstance(node, ast.Attribute | ast.Name) and _name(node) in FLOATS:
            yield f"line {node.lineno}: {_name(node)}"
        elif path != PLUMBING and isinstance(getattr(node, "op", None), ast.Div):
            yield f"line {_place(node)}: / makes a float"
        elif isinstance(node, ast.keyword) and node.arg == "dtype" and _is_float_code(node.value):
            yield f"line {node.value.lineno}: a float dtype"


def impure_engine(path: str, text: str) -> Iterator[str]:
    """The engine imports numpy, numba, itself and quiet parts of the standard library."""
    if not path.startswith(ENGINE):
        return
    quiet = (sys.stdlib_module_names - IMPURE) | COMPILERS
    for node in _walk(path, text):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "."]
        for name in names:
            if name.split(".")[0] not in quiet and not f"{name}.".startswith("commissions.engine."):
                yield f"imports {name}"


def cascade_on_money(path: str, text: str) -> Iterator[str]:
    """Nothing that money refers to disappears because something else was deleted."""
    if not path.startswith(MONEY_APPS):
        return
    for node in _walk(path, text):
        if isinstance(node, ast.keyword) and node.arg == "on_delete" and "CASCADE" in _tail(node):
            yield f"line {node.value.lineno}: on_delete CASCADE"


def unnamed_migration(path: str, text: str) -> Iterator[str]:
    """A migration is named for what it does."""
    del text
    if "/migrations/" in path and "_auto_" in PurePosixPath(path).name:
        yield "name it: makemigrations -n"


def loose_end(path: str, text: str) -> Iterator[str]:
    """What is left to do has an issue's number, or is not left."""
    if path.endswith(OWN_TEXT):
        for found in LOOSE.finditer(text):
            yield f"line {_line(text, found)}: {found[2]} without (#number)"


def inline_code(path: str, text: str) -> Iterator[str]:
    """Templates hold no script and no style: the security policy would block them."""
    if not path.endswith((".html", ".svg")) or "templates/" not in path:
        return
    for what, pattern in INLINE.items():
        for found in pattern.finditer(text):
            if not DATA_SCRIPT.search(text[found.start() : text.find(">", found.start())]):
                yield f"line {_line(text, found)}: {what}"


def machine_path(path: str, text: str) -> Iterator[str]:
    """No file names a folder of the machine it was written on."""
    del path
    for found in MACHINE.finditer(text):
        yield f"line {_line(text, found)}: {found[0]}"


def host_in_lock(path: str, text: str) -> Iterator[str]:
    """Lock files hold versions and hashes; where packages come from is each machine's matter."""
    if path.endswith(".lock") and "://" in text:
        yield "names a host"


RULES: tuple[Rule, ...] = (
    long_file,
    long_function,
    float_in_engine,
    impure_engine,
    cascade_on_money,
    unnamed_migration,
    loose_end,
    inline_code,
    machine_path,
    host_in_lock,
)


def _walk(path: str, text: str) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(text)) if path.endswith(".py") else iter(())


def _is_reasoned_kernel(node: ast.FunctionDef | ast.AsyncFunctionDef, text: str) -> bool:
    """Return whether numba compiles the function and a comment on its first line gives a reason."""
    compiled = any(COMPILED.search(ast.unparse(decorator)) for decorator in node.decorator_list)
    head = "\n".join(text.splitlines()[node.lineno - 1 : node.body[0].lineno - 1])
    return compiled and re.search(r"# long: \w+", head) is not None


def _is_float_code(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and FLOAT_CODES.fullmatch(node.value) is not None
    )


def _name(node: ast.Attribute | ast.Name) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id


def _place(node: ast.AST) -> int:
    return getattr(node, "lineno", 0)


def _tail(node: ast.keyword) -> str:
    return ast.unparse(node.value)


def _line(text: str, found: re.Match[str]) -> int:
    return text.count("\n", 0, found.start()) + 1
