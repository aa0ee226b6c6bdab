"""Request: one submission on a known form, as the rules look at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from checks.context import Context
from intake.receipt import Channel
from parsers.reading import Content, Reading, State, Value
from templates.condition import DELEGATE_ACTS, Condition, is_filled, parse_condition
from templates.form import Attachment, Field, Form, Kind

WRITTEN_UNKNOWN = "?"
"""Stands in conditions for what is written but not known; no condition can name it, so no comparison holds."""

UNSURE = "unsure"
NOT_PROFESSIONAL = "delegate_not_professional"
_MARKS = frozenset({Kind.TICK, Kind.INK})


@lru_cache(maxsize=1024)
def condition(text: str) -> Condition:
    """Parse a condition once."""
    return parse_condition(text)


@dataclass(frozen=True)
class Request:
    """The form, the values on it, the papers with it and how it came; the rules only ask, never change."""

    reading: Reading
    form: Form
    context: Context

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Every field of the form by name."""
        return self.form.fields

    @cached_property
    def lookup(self) -> Mapping[str, Content]:
        """The contents that conditions are asked over."""
        return {name: self._known(name) for name in self.fields}

    @cached_property
    def asked_about(self) -> frozenset[str]:
        """The fields on which some condition of the form hangs."""
        texts = [*(f.required_when for f in self.fields.values()), *(a.required_when for a in self.form.attachments)]
        texts += [need.when for section in self.form.sections for need in section.needs]
        return frozenset().union(*(condition(text).names for text in texts))

    @cached_property
    def papers(self) -> frozenset[str]:
        """The attachment codes that came."""
        return frozenset(p.code for p in self.reading.papers)

    @property
    def received_on(self) -> date:
        """The day of receipt in Rome."""
        return self.context.received_on

    @cached_property
    def delegate_acts(self) -> bool:
        """Tell whether a delegate acts, with or without the tick."""
        return self.holds(DELEGATE_ACTS)

    @cached_property
    def procedures(self) -> tuple[str, ...]:
        """The procedures that are ticked; where none is, the one that the form is for."""
        ticked = self.content("procedure")
        several = (ticked,) if isinstance(ticked, str) else ticked
        return several if isinstance(several, tuple) and several else (self.form.code,)

    @cached_property
    def waits(self) -> bool:
        """Tell whether this procedure asks for a complaint, and the wait after it."""
        return self.form.code not in self.context.settings.wait_exempt

    def value(self, name: str) -> Value | None:
        """Give the value of a field, None where nothing was looked at."""
        return self.reading.values.get(name)

    def state(self, name: str) -> State:
        """Give the state of a field; an unticked box and a field without a value are empty."""
        value = self.value(name)
        if value is None or (value.state is State.FILLED and not is_filled(value.value)):
            return State.EMPTY
        return value.state

    def content(self, name: str) -> Content:
        """Give what is known to stand in a field, None in every state but filled."""
        value = self.value(name)
        return value.value if value and self.state(name) is State.FILLED else None

    def text(self, name: str) -> str:
        """Give a content as text, "" where there is none."""
        content = self.content(name)
        return content if isinstance(content, str) else ""

    def day(self, name: str) -> date | None:
        """Give a date, None where there is none or it is no date."""
        try:
            return date.fromisoformat(self.text(name))
        except ValueError:
            return None

    def raw(self, name: str) -> str:
        """Give what was read before any grammar."""
        value = self.value(name)
        return value.raw if value else ""

    def written(self, name: str) -> bool:
        """Tell whether something stands in the field, readable or not; a doubtful tick is not yet something."""
        state = self.state(name)
        if state is State.UNREADABLE:
            return name not in self.fields or self.fields[name].kind not in _MARKS
        return state in (State.FILLED, State.INVALID)

    def lost(self, name: str) -> bool:
        """Tell whether the page on which the field stands did not come, and nothing is known of it."""
        known = self.fields.get(name)
        return known is not None and known.page in self.reading.missing_pages and not self.written(name)

    def holds(self, text: str) -> bool:
        """Evaluate a condition over what is written."""
        return condition(text).holds(self.lookup)

    def sure(self, text: str) -> bool:
        """Tell whether every field that a condition asks about is readable, so that its answer will stand."""
        return not any(
            self.lost(name) or self.state(name) in (State.UNREADABLE, State.INVALID) for name in condition(text).names
        )

    def needs(self, field: Field) -> bool:
        """Tell whether a field is required, beyond doubt. On the Portale a delegate may be a professional."""
        if field.name == NOT_PROFESSIONAL and self.context.channel is Channel.ONLINE:
            return False
        return self.sure(field.required_when) and self.holds(field.required_when)

    def needed_papers(self) -> tuple[Attachment, ...]:
        """Give the attachments that are required, beyond doubt."""
        wanted = self.form.attachments
        return tuple(a for a in wanted if self.sure(a.required_when) and self.holds(a.required_when))

    def _known(self, name: str) -> Content:
        return (self.content(name) or WRITTEN_UNKNOWN) if self.written(name) else None
