"""All questions of all scenes, by name."""

from __future__ import annotations

from app.core.dialog import address, browse, cart, greet, help, pay, short, track
from app.core.dialog.scene import Question

SCENES = ("greet", "browse", "cart", "address", "pay", "track", "help")

QUESTIONS: dict[str, Question] = {
    question.name: question
    for module in (greet, browse, cart, short, address, pay, track, help)
    for question in module.QUESTIONS
}
