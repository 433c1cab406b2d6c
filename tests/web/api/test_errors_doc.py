"""Every error code that the tree can answer with is explained in `docs/errors.md`."""

from __future__ import annotations

import ast
import re

from tests.house.source import ROOT, Source, sources

DOC = ROOT / "docs" / "errors.md"
LINE = re.compile(r"^\| `([a-z0-9-]+)` \| (.+) \| (.+) \|$", re.MULTILINE)
# Words passed as `code` that are answers of a step or of a page, and no errors.
NOT_ERRORS = {"done", "refused", "parked"}


def codes(source: Source) -> set[str]:
    """What a file names as the code of an error."""
    found: set[str] = set()
    for node in source.nodes:
        match node:
            case ast.Call(func=func, keywords=keywords, args=args):
                name = getattr(func, "id", getattr(func, "attr", ""))
                given = [word.value for word in keywords if word.arg == "code"]
                if name in ("problem", "_refusal") and len(args) == 4:
                    given.append(args[3])
                if name not in ("Answer", "set", "values"):
                    found |= {str(v.value) for v in given if isinstance(v, ast.Constant)}
            case ast.ClassDef(body=body):
                for one in body:
                    match one:
                        case ast.Assign(
                            targets=[ast.Name(id="code")], value=ast.Constant(value=str(text))
                        ):
                            found.add(text)
    return found - NOT_ERRORS


def explained() -> dict[str, tuple[str, str]]:
    """The lines of the document: what the code means, what to do."""
    return {m[1]: (m[2], m[3]) for m in LINE.finditer(DOC.read_text("utf-8"))}


def test_every_code_has_a_line():
    used = {code for source in sources("app", "bots") for code in codes(source)}
    assert len(used) > 40
    assert used - explained().keys() == set()


def test_every_line_says_what_it_means_and_what_to_do():
    for code, (meaning, advice) in explained().items():
        assert len(meaning) > 10, code
        assert len(advice) > 10, code


def test_a_code_is_seen():
    text = """
class Gone(NotFound):
    code = "gone"
raise Conflict("It is.", code="order-state")
problem(404, "Not found", "No.", "no-account")
"""
    assert codes(Source("app/x.py", text)) == {"gone", "order-state", "no-account"}
