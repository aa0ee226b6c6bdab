"""The sheets of a case as its screen names them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cases.correction import Target
from cases.correction_case import OpenCase
from parsers.reading import PageUse, Role
from templates.form import Form


@dataclass(frozen=True, slots=True)
class SheetView:
    """One sheet of the delivery: its place, its name, and whether it lies on a page of the form."""

    at: int
    file: str
    number: int
    title: str
    flat: bool
    form_page: int
    said: str
    seen: int
    by: str
    width: float
    height: float
    fields: tuple[str, ...] = ()


def sheet_views(case: OpenCase) -> Iterable[SheetView]:
    """List the sheets of a case in their order: the form, then what came with it."""
    form = case.now.form
    for at, use in enumerate(case.now.reading.pages):
        name = f"{use.file}#{use.page}"
        said = case.now.of(Target.SHEET, name)
        flat = form is not None and use.role is Role.FORM and use.form == form.code and use.form_page is not None
        inside = tuple(f.name for f in form.fields.values() if f.page == use.form_page) if form and flat else ()
        yield SheetView(
            at=at,
            file=use.file,
            number=use.page,
            title=_sheet_title(use, form),
            flat=flat,
            form_page=use.form_page or 0,
            said=said.text if said else "",
            seen=case.seen(Target.SHEET, name),
            by=said.actor.partition(":")[2] if said else "",
            width=form.page_width_mm if form else 210.0,
            height=form.page_height_mm if form else 297.0,
            fields=inside,
        )


_TITLES: Final = {
    Role.BLANK: "Foglio bianco",
    Role.COVER: "Copertina",
    Role.SEPARATOR: "Separatore",
    Role.UNSURE: "Da riconoscere",
}


def _sheet_title(use: PageUse, form: Form | None) -> str:
    if use.role is Role.FORM:
        return f"{'Delega' if use.form == 'DELEGA' else 'Modulo'} p. {use.form_page}"
    if use.role is Role.DUPLICATE:
        return f"Doppione p. {use.form_page}" if use.form_page else "Doppione"
    if use.role is Role.ATTACHMENT:
        return paper_label(use.paper, form)
    return _TITLES[use.role]


_PAPERS: Final = {
    "asl_certificate": "Certificazione ASL",
    "bill_cmor": "Bolletta con il CMOR",
    "bill_latest": "Ultima bolletta",
    "bill_new": "Fatture del venditore attuale",
    "bill_old": "Fatture del venditore precedente",
    "bills_after_complaint": "Bollette successive al reclamo",
    "bonus_letter": "Lettera di ammissione o di recupero",
    "complaint_answer_copy": "Risposta al reclamo",
    "complaint_copy": "Reclamo inviato",
    "complaint_sending_proof": "Prova dell'invio del reclamo",
    "contract_paper": "Prima bolletta o lettera di conferma del contratto",
    "delegation_signed": "Delega firmata",
    "heir_declaration": "Dichiarazione di erede",
    "id_copy_delegate": "Documento d'identità del delegato",
    "id_copy_holder": "Documento d'identità del cliente",
    "isee_attestation": "Attestazione ISEE",
    "payment_proof": "Prove di pagamento",
}
"""For papers that came with another form than the one of the case: joined to it, or named otherwise by hand."""


def paper_label(code: str, form: Form | None) -> str:
    """Name an attachment as the form does."""
    labels = _PAPERS | ({a.code: a.label for a in form.attachments} if form else {})
    label = labels.get(code, code.replace("_", " ")).partition("(")[0].partition(",")[0].strip()
    return label[:1].upper() + label[1:] if label else "Allegato"
