"""One step in the making: the state as it changes, the wants as they gather, the words to say."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from app.core.dialog.facts import Facts, Product, Shop, Words
from app.core.dialog.offers import Paragraph, Prompt, offer
from app.core.dialog.shelf import in_language
from app.core.dialog.state import CartLine, Draft, Remark, State
from app.core.dialog.wants import (
    Arg,
    CancelTimer,
    Choice,
    LeaveOrder,
    ReleaseHolds,
    Say,
    SetTimer,
    Want,
)

__all__ = ["IDLE", "Paragraph", "Prompt", "Turn"]

NUDGE_WITHOUT_HOLD = timedelta(minutes=30)
IDLE = timedelta(hours=20)  # inside every platform's day, should a word be due


class Turn:
    """The working copy of one step. Only `step` makes one, and it never outlives the step."""

    def __init__(self, state: State, facts: Facts) -> None:
        self.state = state
        self.facts = _with_own(state, facts)
        self.wants: list[Want] = []
        self.notes: list[Paragraph] = []
        self.why = ""

    # --- reading --------------------------------------------------------------------------------

    @property
    def shop(self) -> Shop:
        """The shop, as its catalogue stands."""
        return self.facts.shop

    @property
    def now(self) -> datetime:
        """The moment of this step."""
        return self.facts.now

    @property
    def language(self) -> str:
        """What this person reads: as they write, as they are known, as the shop speaks."""
        return self.state.language or self.facts.person.language or self.shop.locale.split("_")[0]

    @property
    def question(self) -> str:
        """The name of the question that stands."""
        return f"{self.state.scene}.{self.state.asked}" if self.state.asked else self.state.scene

    @property
    def product(self) -> Product | None:
        """The product being chosen."""
        return self.shop.products.get(self.state.draft.product_id)

    @property
    def stopped(self) -> bool:
        """Has this person asked us to be silent?"""
        if self.state.stopped is not None:
            return self.state.stopped
        return self.facts.person.opted_out

    @property
    def open_flow(self) -> bool:
        """Is something being bought or asked right now?"""
        return self.state.scene != "start" and not self.state.dormant

    @property
    def buying(self) -> bool:
        """Is a purchase under way, and not long forgotten?"""
        state = self.state
        chosen = bool(state.cart or state.before or state.draft.product_id)
        return not state.dormant and (chosen or state.scene == "browse")

    @property
    def writable(self) -> bool:
        """May the chat be written to? The platform's window is counted from the last input."""
        if not self.state.opened:
            return False
        window, heard = self.facts.limits.window, self.state.heard_at
        if window is None or heard is None:
            return True
        return self.now - heard < timedelta(seconds=window - self.facts.limits.window_margin)

    @property
    def hold_time(self) -> timedelta:
        """How long this shop keeps pieces."""
        return timedelta(minutes=max(1, self.shop.hold_minutes))

    @property
    def hold_live(self) -> bool:
        """Is exactly this cart kept at this moment?"""
        until = self.state.held_until
        return until is not None and until > self.now and self.state.held == self.state.cart

    @property
    def known(self) -> bool:
        """Do we know where things go for this person?"""
        return bool(self.state.address_id or self.facts.person.addresses)

    def words(self, words: Words) -> str:
        """A shop's own words in this person's language."""
        return in_language(words, self.language, self.shop.locale)

    # --- changing -------------------------------------------------------------------------------

    def set(self, **changes: Any) -> None:
        """Changes the state."""
        self.state = msgspec.structs.replace(self.state, **changes)

    def set_draft(self, **changes: Any) -> None:
        """Changes the line being chosen."""
        self.set(draft=msgspec.structs.replace(self.state.draft, **changes))

    def set_cart(self, cart: tuple[CartLine, ...]) -> None:
        """A new cart: a new version, an order that was not paid is given up."""
        if cart == self.state.cart:
            return
        self.set(cart=cart)
        self.changed()

    def restore(self) -> None:
        """Gives up a change that was begun."""
        if self.state.before:
            self.set(cart=self.state.before, before=(), draft=Draft())

    def changed(self) -> None:
        """What is to be bought, or where it goes, is not what it was: older links are void."""
        self.set(cart_version=self.state.cart_version + 1, pay_url="", pay_until=None)
        self.leave_order()

    def leave_order(self) -> None:
        """Gives up the order that awaits its payment, if there is one."""
        if not self.state.order_id:
            return
        self.wants.append(LeaveOrder())
        self.set(left_order=self.state.order_id, order_id="", order_number="")
        # The order's stock went with it, so that the new cart has to be kept anew.
        self.set(held=(), held_until=None)

    def release(self) -> None:
        """Gives back what is kept."""
        if self.state.held or self.state.held_until:
            self.wants.append(ReleaseHolds())
            self.wants.append(CancelTimer("hold"))
        self.set(held=(), held_until=None)

    def clear(self, **changes: Any) -> None:
        """Forgets what was being bought; the person, the chat and the cart's count stay known."""
        self.leave_order()
        self.release()
        self.forget(**changes)

    def forget(self, **changes: Any) -> None:
        """As `clear`, when the pieces are sold and there is nothing to give back."""
        kept = self.state
        fresh = State(
            language=kept.language,
            step=kept.step,
            offered=kept.offered,
            taken=kept.taken,
            cart_version=kept.cart_version + 1,
            opened=kept.opened,
            greeted=kept.greeted,
            comments=kept.comments,
            heard_at=kept.heard_at,
            heard_id=kept.heard_id,
            stopped=kept.stopped,
            person=kept.person,
            left_order=kept.left_order,
            paid_version=kept.paid_version,
            form_url=kept.form_url,
            form_until=kept.form_until,
        )
        self.state = msgspec.structs.replace(fresh, **changes)

    def want(self, want: Want) -> None:
        """Something to be done, after everything wanted so far."""
        self.wants.append(want)

    def fetch(self, want: Want, pending: str) -> None:
        """Something whose outcome is needed first; what was to be remarked waits with it.

        It is the last want of its step: the result then finds everything else done.
        """
        carried = []
        for key, args in self.notes:
            plain = {k: v for k, v in args.items() if isinstance(v, str | int)}
            if len(plain) < len(args):
                self.flush()  # an amount or a moment does not keep in the state: said now
                break
            carried.append(Remark(key, plain))
        else:
            self.set(carry=(*self.state.carry, *carried))
        self.notes = []
        self.set(pending=pending)
        self.wants.append(want)

    def timer(self, name: str, due: datetime) -> None:
        """Be woken at `due`."""
        self.wants.append(SetTimer(name, due))

    # --- saying ---------------------------------------------------------------------------------

    def note(self, key: str, **args: Arg) -> None:
        """A paragraph to be said before the next question, or alone when none comes."""
        self.notes.append((key, args))

    def say(self, question: str, prompt: Prompt) -> None:
        """Says the notes and the prompt, to the comment that waits for them or to the chat."""
        if not self.state.greeted:
            name = "greet.hello"
            self.notes.insert(0, (name, {"shop": self.shop.name}))
            self.set(greeted=True)
        paragraphs = [*self.notes, *prompt.paragraphs]
        self.notes = []
        choices: tuple[Choice, ...] = ()
        if prompt.choices:
            self.state, choices = offer(
                self.state,
                prompt.choices,
                self.facts.chat_token,
                same_question=question == self.question,
            )
        key, args = paragraphs[0]
        say = Say(
            key=key,
            args=args,
            parts=tuple(paragraphs[1:]),
            choices=choices,
            cards=prompt.cards,
            image=prompt.image,
            language=self.language,
            purpose=prompt.purpose,
            numbered=prompt.numbered,
        )
        self.wants.append(self._addressed(say))

    def _addressed(self, say: Say) -> Say:
        ref = self.state.comment
        if ref is None:
            return say
        return msgspec.structs.replace(
            say,
            to="comment-private",
            comment_id=ref.comment_id,
            commented_at=ref.commented_at,
            live=ref.live,
            purpose="private-reply",
        )

    def tell(self, key: str, purpose: str, **args: Arg) -> None:
        """One message without a question; what was offered stays good."""
        self.note(key, **args)
        self.flush(purpose)

    def flush(self, purpose: str = "note") -> None:
        """Says the notes when no question carried them."""
        if self.notes:
            self.say("", Prompt((), purpose=purpose))

    def wait(self) -> None:
        """Sets the timers of a state that waits for this person."""
        if self.state.answered and not self.state.nudged and self.state.comment is None:
            self.timer("nudge", self._nudge_at())
        self.timer("idle", self.now + IDLE)

    def _nudge_at(self) -> datetime:
        until = self.state.held_until
        if until is None or until <= self.now:
            return self.now + NUDGE_WITHOUT_HOLD
        before = min(timedelta(minutes=5), self.hold_time / 3)
        return max(until - before, self.now + (until - self.now) / 2)

    def draft_is_empty(self) -> bool:
        """Is nothing being chosen?"""
        return self.state.draft == Draft()


def _with_own(state: State, facts: Facts) -> Facts:
    """The facts as this person may see them: what is kept for them is free to them."""
    stock = dict(facts.stock)
    for line in state.held:
        if line.variant_id in stock:
            stock[line.variant_id] += line.quantity
    return msgspec.structs.replace(facts, stock=stock)
