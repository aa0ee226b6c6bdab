"""Post that is not a form of ours: wrong forms, free letters, advertising."""

from samples.leaf import Leaf, draw_leaves
from samples.situation import Situation


def draw_stranger(kind: str, case: Situation) -> bytes:
    """Draw the paper of ``kind`` (smart_info, conciliation, supplier_complaint, ...) as PDF."""
    return draw_leaves(_leaf(kind, case))


def _leaf(kind: str, case: Situation) -> Leaf:
    who = case.holder
    person = (
        ("Cognome e nome", f"{who.surname} {who.given_name}"),
        ("Codice fiscale", who.tax_code),
        ("Indirizzo", f"{who.home.street} {who.home.number}, {who.home.postal_code} {who.home.municipality}"),
    )
    close = (f"{who.home.municipality}, {case.day:%d/%m/%Y}", f"Firma: {who.full_name}")
    title, head, lines, rows = _TEXTS[kind]
    filled = tuple(
        line.format(name=who.full_name, supplier=case.suppliers[0], place=who.home.municipality) for line in lines
    )
    own = () if kind in {"letter", "not_a_request"} else person
    return Leaf(title=title, head=head.format(supplier=case.suppliers[0]), lines=filled, rows=own + rows, close=close)


_Text = tuple[str, str, tuple[str, ...], tuple[tuple[str, str], ...]]

_TEXTS: dict[str, _Text] = {
    "smart_info": (
        "SMART Info - Modulo richiesta informazioni su CMOR",
        "Sportello (prova)",
        (
            "Il sottoscritto chiede di sapere chi ha richiesto il corrispettivo CMOR e per quale importo.",
            "Servizio SMART Info: richiesta informazioni sul fornitore che ha richiesto l'indennizzo.",
        ),
        (("POD / PDR", "IT001E90000001"),),
    ),
    "conciliation": (
        "Domanda di conciliazione",
        "Servizio Conciliazione (prova)",
        (
            (
                "Ai sensi del TICO il cliente chiede l'attivazione della procedura di conciliazione nei confronti "
                "dell'operatore indicato."
            ),
            "Il cliente dichiara di non aver già avviato altra procedura di conciliazione per la stessa controversia.",
        ),
        (("Operatore", "Luce d'Esempio S.p.A."), ("Valore della controversia", "€ 350,00")),
    ),
    "supplier_complaint": (
        "Modulo reclami",
        "{supplier}",
        (
            "Modulo per l'inoltro del reclamo scritto a {supplier}.",
            "Motivo del reclamo: importi fatturati non corretti. Si chiede la rettifica di fatturazione.",
        ),
        (("Numero cliente", "900000123"),),
    ),
    "bonus_application": (
        "Modulo A - Domanda per l'ammissione al bonus sociale",
        "Comune di prova - SGAte",
        (
            "Il richiedente chiede l'ammissione al regime di compensazione per la fornitura di energia elettrica.",
            "Composizione del nucleo familiare e attestazione ISEE.",
        ),
        (("ISEE", "€ 7.120,00"), ("Componenti il nucleo familiare", "3")),
    ),
    "other_sector": (
        "Richiesta relativa al servizio idrico",
        "Servizio idrico integrato (prova)",
        (
            (
                "Il sottoscritto segnala un consumo di acqua anomalo nella bolletta del servizio idrico e chiede la "
                "verifica del contatore dell'acqua."
            ),
        ),
        (("Codice utenza idrica", "H2O-000123"),),
    ),
    "letter": (
        "Richiesta di aiuto",
        "",
        (
            "Spettabile Sportello,",
            (
                "mi chiamo {name} e abito a {place}. Da alcuni mesi ricevo bollette che non capisco da {supplier} e ho "
                "già scritto un reclamo senza avere risposta."
            ),
            "Vi chiedo di aiutarmi a risolvere il problema della mia fornitura di luce. Grazie.",
        ),
        (),
    ),
    "not_a_request": (
        "Offerta imperdibile: stampanti e toner a metà prezzo!",
        "Cartoleria Fantasia",
        (
            "Gentile ufficio, solo per questo mese sconto del 50% su stampanti, toner e carta.",
            "Approfitta della promozione! Per non ricevere più la nostra newsletter clicca su cancellati.",
        ),
        (),
    ),
}
