"""Files and functions stay small enough to be read in one go. There is no list of exceptions."""

from __future__ import annotations

from tests.house.source import Function, Source, sources

FILE_LINES = 300
TEST_FILE_LINES = 500
FUNCTION_LINES = 50


def long_file(source: Source, limit: int) -> list[str]:
    """The complaint about a file of more lines than the limit."""
    lines = len(source.text.splitlines())
    if lines <= limit:
        return []
    return [
        f"{source.path}: {lines} lines, the limit is {limit}. Split it by subject: "
        "a module of its own for each verb or noun."
    ]


def long_functions(source: Source, limit: int) -> list[str]:
    """The complaints about functions of more lines than the limit, decorators not counted."""
    functions = (node for node in source.nodes if isinstance(node, Function))
    lengths = ((node, (node.end_lineno or node.lineno) - node.lineno + 1) for node in functions)
    return [
        f"{source.path}:{node.lineno}: {node.name} has {lines} lines, the limit is {limit}. "
        "Give its steps names and functions of their own."
        for node, lines in lengths
        if lines > limit
    ]


def test_files_are_short():
    complaints = [c for s in sources("app", "bots") for c in long_file(s, FILE_LINES)]
    complaints += [c for s in sources("tests") for c in long_file(s, TEST_FILE_LINES)]
    assert not complaints, "\n".join(complaints)


def test_functions_are_short():
    found = sources("app", "bots", "tests")
    complaints = [c for s in found for c in long_functions(s, FUNCTION_LINES)]
    assert not complaints, "\n".join(complaints)


def test_one_line_too_many_is_seen_in_a_file():
    assert long_file(Source("app/x.py", "a = 1\n" * 300), 300) == []
    [complaint] = long_file(Source("app/x.py", "a = 1\n" * 301), 300)
    assert complaint.startswith("app/x.py: 301 lines, the limit is 300.")


def test_one_line_too_many_is_seen_in_a_function():
    def source(keyword: str, lines: int) -> Source:
        return Source(
            "app/x.py", f"class A:\n    {keyword} f():\n" + "        a = 1\n" * (lines - 1)
        )

    assert long_functions(source("def", 50), 50) == []
    [complaint] = long_functions(source("def", 51), 50)
    assert complaint.startswith("app/x.py:2: f has 51 lines, the limit is 50.")
    assert len(long_functions(source("async def", 51), 50)) == 1
