"""Form values of a fillable PDF of another make, brought to the names that its definition gives them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pages.page import FormValue
from templates.form import Field, Form


def own_values(values: Sequence[FormValue], form: Form) -> tuple[FormValue, ...]:
    """Rename the values that the definition knows under another name; all others stay as they are.

    A button of a choice becomes ``field.option``, on as ``option``; a radio group becomes the field, on as its option.
    """
    by_name = {value.name: value for value in values}
    renamed = [new for field in form.fields.values() for new in _of(field, by_name)]
    taken = {field.widget for field in form.fields.values()}
    taken |= {option.widget for field in form.fields.values() for option in field.options}
    own = {value.name for value in renamed}
    return (*renamed, *(value for value in values if value.name not in taken | own))


def _of(field: Field, values: dict[str, FormValue]) -> Iterator[FormValue]:
    group = values.get(field.widget) if field.widget else None
    if group is not None and not field.options:
        yield replace(group, name=field.name)
    elif group is not None:
        on = next((o.value for o in field.options if group.on and o.state == group.on), group.on)
        yield replace(group, name=field.name, on=on)
    for option in field.options:
        button = values.get(option.widget) if option.widget else None
        if button is not None:
            ticked = bool(button.on) and option.state in {"", button.on}
            yield replace(button, name=f"{field.name}.{option.value}", on=option.value if ticked else "")


def widget_names(form: Form, page: int) -> set[str]:
    """Name all widgets that a fillable PDF of the form has on a page, as that PDF names them."""
    names: set[str] = set()
    for field in form.fields.values():
        names |= {o.widget or f"{field.name}.{o.value}" for o in field.options if o.page == page}
        if field.page == page:
            names.add(field.widget or field.name)
    return names
