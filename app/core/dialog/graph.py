"""The machine as a picture and as a list of complaints, both read off the scenes' own tables."""

from __future__ import annotations

from app.core.dialog import answers, results, timers
from app.core.dialog.facts import Shop
from app.core.dialog.help import DIRECT, GLOBAL
from app.core.dialog.lexicon import PRIORITY
from app.core.dialog.plan import GATES
from app.core.dialog.scene import BRIEF, DONE, PLAN, STAY, Question
from app.core.dialog.scenes import QUESTIONS, SCENES
from app.core.dialog.shelf import sold_products

_ENDS = {STAY, BRIEF}
_GATED = {x.question for x in GATES}
# Where time, results and repeated misses lead, as their modules say.
_LEADS = {**results.LEADS, **timers.LEADS, **answers.LEADS}


def mermaid() -> str:
    """The machine as a Mermaid flow chart: questions by scene, answers as arrows.

    A diamond stands for the gates: they are passed in their order, the first open one is asked.
    """
    lines = [
        "flowchart TD",
        '  start(["comment with the hashtag, or a word in the chat"]) --> plan',
    ]
    lines.append('  plan{"what is still open?"}')
    lines.append('  done(["silent until the person writes"])')
    for scene in SCENES:
        lines.append(f"  subgraph {scene}")
        lines += [f'    {_node(x.name)}["{x.name}"]' for x in _of(scene)]
        lines.append("  end")
    lines += [f'  plan -- "{n}. {x.why}" --> {_node(x.question)}' for n, x in enumerate(GATES, 1)]
    for question in QUESTIONS.values():
        lines += _arrows(question)
    lines += [f'  {_word(why)}(("{why}")) --> {_node(x)}' for why, x in _LEADS.items()]
    for word, take in GLOBAL.items():
        ways = [_node(_target(x)) for x in take.goes if x not in _ENDS]
        lines += [f'  anywhere(["said anywhere"]) -- "{word}" --> {x}' for x in ways]
    return "\n".join(lines) + "\n"


def _target(way: str) -> str:
    return DONE if way in DIRECT else way


def _of(scene: str) -> list[Question]:
    return [x for x in QUESTIONS.values() if x.scene == scene]


def _node(name: str) -> str:
    return name.replace(".", "_").replace("-", "_")


def _word(text: str) -> str:
    return text.replace(" ", "_")


def _arrows(question: Question) -> list[str]:
    arrows: dict[str, list[str]] = {}
    for action, take in question.takes.items():
        for way in take.goes:
            arrows.setdefault(way, []).append(action)
    for way in question.hears_goes:
        arrows.setdefault(way, []).append("free text")
    return [
        f'  {_node(question.name)} -- "{", ".join(dict.fromkeys(said))}" --> {_node(_target(way))}'
        for way, said in arrows.items()
        if way not in _ENDS
    ]


def lint(shop: Shop | None = None) -> list[str]:
    """What is wrong with the machine, and with a shop that runs on it; nothing when all is well."""
    wrong = [x for question in QUESTIONS.values() for x in _lint_question(question)]
    wrong += [f"{x} is asked by no gate, answer or event" for x in sorted(_unreached())]
    wrong += [f"the gate {x} is no question" for x in _GATED if x not in QUESTIONS]
    wrong += [f"the word {x} is known and does nothing" for x in PRIORITY if not _does(x)]
    wrong += [
        f"the word {word} leads to {x}, which is not there"
        for word, take in GLOBAL.items()
        for x in take.goes
        if x not in {*QUESTIONS, PLAN, STAY, DONE}
    ]
    return wrong + (_lint_shop(shop) if shop is not None else [])


def _lint_question(question: Question) -> list[str]:
    name = question.name
    known = {*QUESTIONS, *DIRECT, PLAN, STAY, BRIEF, DONE}
    wrong = [f"{name} leads to {x}, which is not there" for x in question.goes if x not in known]
    wrong += [
        f"{name} takes '{intent}' for the action '{action}', which it does not have"
        for intent, action in question.means.items()
        if action not in question.takes
    ]
    wrong += [f"{name} minds the unknown word '{x}'" for x in question.means if x not in PRIORITY]
    if all(x in _ENDS or x == name for x in question.goes):
        wrong.append(f"{name} has no exit")
    if question.bare != "choice" and question.bare not in question.takes:
        wrong.append(f"{name} takes a number for '{question.bare}', which it does not have")
    return wrong


def _unreached() -> set[str]:
    ways = {x for question in QUESTIONS.values() for x in question.goes if x != question.name}
    ways |= _GATED | set(_LEADS.values()) | {x for y in GLOBAL.values() for x in y.goes}
    return set(QUESTIONS) - ways


def _does(intent: str) -> bool:
    taken = any(intent in x.means for x in QUESTIONS.values())
    return taken or intent in GLOBAL or intent in {"stop", "start"}


def _lint_shop(shop: Shop) -> list[str]:
    wrong = []
    for campaign in shop.campaigns:
        if not sold_products(shop, campaign.product_ids):
            wrong.append(f"campaign {campaign.slug} sells nothing")
        if campaign.starts and campaign.ends and campaign.starts >= campaign.ends:
            wrong.append(f"campaign {campaign.slug} ends before it starts")
    for product in shop.products.values():
        if not product.variants:
            wrong.append(f"product {product.slug} has no variants")
        odd = [x.sku for x in product.variants if len(x.values) != len(product.options)]
        wrong += [f"variant {x} does not fit the options of {product.slug}" for x in odd]
    if not shop.payments:
        wrong.append("the shop takes no payments")
    return wrong
