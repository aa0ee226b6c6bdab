"""The papers that come with a form, and the post that is no form at all, each with an invented look."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from samples.answers import describe
from samples.cards import Card, draw_card
from samples.leaf import Leaf, draw_leaves
from samples.situation import Situation

NAMES = {
    "id_copy_holder": "carta_identita.pdf",
    "id_copy_delegate": "documento_delegato.pdf",
    "complaint_copy": "reclamo.pdf",
    "complaint_sending_proof": "ricevuta_invio.pdf",
    "complaint_answer_copy": "risposta_fornitore.pdf",
    "bill_cmor": "bolletta_cmor.pdf",
    "payment_proof": "pagamento.pdf",
    "bill_old": "fattura_vecchio_fornitore.pdf",
    "bill_new": "fattura_nuovo_fornitore.pdf",
    "bills_after_complaint": "bollette.pdf",
    "contract_paper": "conferma_contratto.pdf",
    "bill_latest": "ultima_bolletta.pdf",
    "isee_attestation": "isee.pdf",
    "asl_certificate": "certificato_asl.pdf",
    "heir_declaration": "dichiarazione_erede.pdf",
}


def draw_paper(code: str, case: Situation, **facts: str) -> bytes:
    """Draw one attachment as PDF. ``facts`` may hold ``expires`` (ISO), ``kind`` ("paper") and ``side`` ("front")."""
    if code in {"id_copy_holder", "id_copy_delegate"}:
        return _card(code, case, facts)
    return draw_leaves(_LEAVES[code](case), font=Random(case.seed).choice(("Helvetica", "Times-Roman")))


def _card(code: str, case: Situation, facts: dict[str, str]) -> bytes:
    who = case.delegate if code == "id_copy_delegate" and case.delegate else case.holder
    expires = date.fromisoformat(facts["expires"]) if "expires" in facts else case.day + timedelta(days=1500)
    card = Card(who, expires - timedelta(days=3650), expires, paper=facts.get("kind") == "paper")
    return draw_card(card, back=facts.get("side") != "front")


def _complaint(case: Situation) -> Leaf:
    sent = case.complaint or case.day
    return Leaf(
        title="Oggetto: reclamo scritto",
        head=case.holder.full_name,
        lines=(
            f"Spett.le {case.to_whom}",
            f"{case.holder.home.municipality}, {sent:%d/%m/%Y}",
            (
                f"Il sottoscritto {case.holder.full_name}, codice fiscale {case.holder.tax_code}, intestatario della "
                f"fornitura {_point(case)}, presenta reclamo."
            ),
            describe(case, Random(case.seed)),
            "Distinti saluti",
            case.holder.full_name,
        ),
    )


def _sending(case: Situation) -> Leaf:
    sent = case.complaint or case.day
    if case.seed % 2:
        return Leaf(
            title="Ricevuta di accettazione raccomandata A/R",
            head="Servizio postale (prova)",
            rows=(
                ("Raccomandata n.", f"1500{case.seed % 10**8:08d}"),
                ("Mittente", case.holder.full_name),
                ("Destinatario", case.to_whom),
                ("Data di accettazione", f"{sent:%d/%m/%Y}"),
            ),
        )
    return Leaf(
        title="Ricevuta di avvenuta consegna",
        lines=(
            (
                f'Il giorno {sent:%d/%m/%Y} alle ore 10:12:31 (+0200) il messaggio "Reclamo" proveniente da '
                f'"{case.holder.pec}" ed indirizzato a "reclami@example.com" è stato consegnato nella casella.'
            ),
            f"Identificativo messaggio: prova{case.seed}@example.org",
        ),
    )


def _answered(case: Situation) -> Leaf:
    return Leaf(
        title="Oggetto: risposta al Suo reclamo",
        head=case.to_whom,
        lines=(
            f"Gentile {case.holder.full_name},",
            f"{case.answered or case.day:%d/%m/%Y}",
            (
                "in risposta al Suo reclamo Le comunichiamo che, dopo le verifiche svolte, gli importi fatturati sono "
                "corretti e pertanto la Sua richiesta non può essere accolta."
            ),
            "Cordiali saluti, Servizio Clienti",
        ),
    )


def _bill(title: str, who: int, *rows: tuple[str, str]) -> Callable[[Situation], Leaf]:
    def leaf(case: Situation) -> Leaf:
        start = (case.complaint or case.day) - timedelta(days=80)
        total = f"{40 + case.seed % 150},{case.seed % 90 + 10}"
        return Leaf(
            title=title,
            head=case.suppliers[who],
            lines=(f"Intestatario: {case.holder.full_name}", f"Punto di fornitura: {_point(case)}"),
            rows=(
                ("Bolletta n.", f"B{case.seed % 10**8:08d}"),
                ("Periodo di fatturazione", f"{start:%d/%m/%Y} - {start + timedelta(days=60):%d/%m/%Y}"),
                ("Spesa per la materia energia", f"€ {total}"),
                *((label, value or f"€ {_euro(case)}") for label, value in rows),
                ("Totale da pagare", f"€ {total}"),
                ("Scadenza", f"{start + timedelta(days=85):%d/%m/%Y}"),
            ),
        )

    return leaf


def _payment(case: Situation) -> Leaf:
    paid = (case.complaint or case.day) - timedelta(days=90)
    rows = (("Beneficiario", case.suppliers[1]), ("Importo", f"€ {_euro(case)}"), ("Data", f"{paid:%d/%m/%Y}"))
    return Leaf(title="Ricevuta di pagamento - bonifico eseguito", head="Banca di Prova", rows=rows)


def _contract(case: Situation) -> Leaf:
    rows = (("Contratto n.", case.holder.contract_number), ("Intestatario", case.holder.full_name))
    told = ("Le confermiamo l'attivazione della fornitura alle condizioni economiche che ha scelto.",)
    return Leaf(title="Lettera di conferma del contratto", head=case.suppliers[0], lines=told, rows=rows)


def _isee(case: Situation) -> Leaf:
    rows = (
        ("Dichiarante", case.holder.full_name),
        ("Protocollo DSU", f"PROVA-ISEE-{case.day.year}-{case.seed % 10**8:08d}"),
        ("Indicatore ISEE", f"€ {4000 + case.seed % 5000},00"),
        ("Valida fino al", f"31/12/{case.day.year}"),
    )
    return Leaf(title="Attestazione ISEE ordinario", head="Indicatore della situazione economica", rows=rows)


def _asl(case: Situation) -> Leaf:
    told = (
        (
            f"Si certifica che {case.holder.full_name} utilizza un'apparecchiatura elettromedicale necessaria per il "
            "mantenimento in vita presso il proprio domicilio."
        ),
        f"{case.holder.home.municipality}, {case.day - timedelta(days=200):%d/%m/%Y}",
    )
    return Leaf(title="Certificazione ASL - disagio fisico", head="Azienda Sanitaria Locale (prova)", lines=told)


def _heir(case: Situation) -> Leaf:
    told = (
        (
            f"Il sottoscritto {case.holder.full_name}, codice fiscale {case.holder.tax_code}, dichiara di essere erede "
            f"di Anselmo {case.holder.surname}, già intestatario della fornitura {_point(case)}."
        ),
        f"{case.holder.home.municipality}, {case.day - timedelta(days=3):%d/%m/%Y}",
        case.holder.full_name,
    )
    return Leaf(title="Dichiarazione sostitutiva di erede", lines=told)


_LEAVES: dict[str, Callable[[Situation], Leaf]] = {
    "complaint_copy": _complaint,
    "complaint_sending_proof": _sending,
    "complaint_answer_copy": _answered,
    "bill_cmor": _bill("Bolletta per la fornitura", 0, ("Altre partite: Corrispettivo CMOR", "")),
    "bill_old": _bill("Fattura", 1),
    "bill_new": _bill("Fattura", 0),
    "bills_after_complaint": _bill("Bolletta per la fornitura", 0),
    "bill_latest": _bill("Bolletta per la fornitura", 0),
    "payment_proof": _payment,
    "contract_paper": _contract,
    "isee_attestation": _isee,
    "asl_certificate": _asl,
    "heir_declaration": _heir,
}


def _point(case: Situation) -> str:
    return f"PDR {case.holder.pdr}" if case.service == "gas" else f"POD {case.holder.pod}"


def _euro(case: Situation) -> str:
    return f"{case.amount_cents // 100},{case.amount_cents % 100:02d}"
