"""What an invented customer states on the form: every field's true value, in the contract's normal shapes."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from parsers.reading import Content
from samples.people import Address
from samples.situation import Situation

Answers = dict[str, Content]
"""Field name -> value: dates ISO 8601, amounts decimal strings, ticks booleans, enums by their code."""

SUBCASES = {
    "BONUS": ("application_refused", "not_paid", "recovery_disputed"),
    "RIPRISTINO": ("contract_not_concluded",),
    "CMOR": ("charge_error", "not_cancelled"),
    "DOPPIA": ("double_billing",),
    "INDENNIZZO": ("indemnity_not_paid",),
}


def answer(case: Situation) -> Answers:
    """State a complete and right form for the situation."""
    rng = Random(case.seed)
    values = _holder(case, rng) | _supply(case, rng) | _operators(case) | _complaint(case, rng)
    values |= _delegate(case, rng) | _SPECIFIC[case.procedure](case, rng)
    values |= {
        "customer_type": "non_domestic" if case.procedure == "RIPRISTINO" else "domestic",
        "procedure": (case.procedure,),
        "subcases": (_subcase(case, rng),),
        "description": describe(case, rng),
        "attachment_ticks": papers_needed(case, values),
        "privacy_acknowledged": True,
        "sign_place": case.holder.home.municipality,
        "sign_date": _iso(case.day - timedelta(days=rng.randint(1, 4))),
        "signature_present": True,
    }
    if case.procedure == "RIPRISTINO":
        values |= {"business_name": f"{case.holder.surname} Esempio S.n.c.", "vat_number": _vat(rng)}
    return values


def delegation(case: Situation) -> Answers:
    """State a complete delega: holder, delegate, what for, place, date and both signatures."""
    rng = Random(case.seed + 1)
    values = _holder(case, rng) | _supply(case, rng) | _delegate(case, rng)
    day = _iso(case.day - timedelta(days=rng.randint(2, 6)))
    values |= {
        "procedure": (case.procedure,),
        "privacy_acknowledged": True,
        "sign_place": case.holder.home.municipality,
        "sign_date": day,
        "signature_present": True,
        "delegate_signature_present": True,
    }
    if case.delegate:
        values |= {
            "delegate_birth_date": _iso(case.delegate.birth_date),
            "delegate_birth_place": case.delegate.birth_place,
            "delegate_birth_province": case.delegate.birth_province,
        }
    return values


def papers_needed(case: Situation, values: Answers) -> tuple[str, ...]:
    """List the attachment codes that a complete request of this kind brings (domain 2.4)."""
    codes = ["id_copy_holder"]
    if case.delegate:
        codes.append("delegation_signed")
    if case.complaint:
        codes += ["complaint_copy", "complaint_sending_proof"]
    if case.answered:
        codes.append("complaint_answer_copy")
    codes += {
        "BONUS": ["bill_latest"],
        "RIPRISTINO": ["contract_paper"],
        "CMOR": ["bill_cmor"],
        "DOPPIA": ["bill_old", "bill_new"],
        "INDENNIZZO": ["bills_after_complaint"],
    }[case.procedure]
    if case.variant == "already_paid" or values.get("subcases") == ("not_cancelled",):
        codes.append("payment_proof")
    codes += {"economic": ["isee_attestation"], "physical": ["asl_certificate"]}.get(case.variant, [])
    return tuple(codes)


def describe(case: Situation, rng: Random) -> str:
    """Write two or three plain sentences about the case."""
    new, old = (name.rsplit(" ", 1)[0] for name in case.suppliers)
    euro = f"{case.amount_cents / 100:.2f}".replace(".", ",")
    told = {
        "BONUS": "Il bonus sociale non è mai arrivato in bolletta, benché la domanda sia stata accolta dal Comune.",
        "RIPRISTINO": f"Non ho mai firmato alcun contratto con {new}; l'ho scoperto dalla prima bolletta.",
        "CMOR": f"Nella bolletta di {new} compare un corrispettivo CMOR di {euro} euro chiesto da {old}.",
        "DOPPIA": f"Dopo il cambio di fornitore sia {old} sia {new} hanno fatturato gli stessi consumi.",
        "INDENNIZZO": f"{new} non ha risposto in tempo e l'indennizzo automatico non è stato accreditato.",
    }[case.procedure]
    more = rng.choice(
        (
            "Ho telefonato più volte al servizio clienti senza ottenere una risposta chiara.",
            "Allego le copie dei documenti e chiedo che la situazione sia verificata.",
            "Tutte le bollette sono state pagate regolarmente entro la scadenza.",
            "Chiedo l'annullamento della somma e il rimborso di quanto già versato.",
        )
    )
    return f"{told} {more}"


def _holder(case: Situation, rng: Random) -> Answers:
    who = case.holder
    reach: Answers = {"holder_mobile": who.mobile}
    extra: Answers = {"holder_phone": who.phone, "holder_email": who.email, "holder_pec": who.pec}
    reach |= {name: value for name, value in extra.items() if rng.random() < 0.6}
    mailing = _address("mailing", case.delegate.home) if case.delegate and rng.random() < 0.3 else {}
    return {
        "holder_surname": who.surname,
        "holder_given_name": who.given_name,
        "holder_birth_date": _iso(who.birth_date),
        "holder_birth_place": who.birth_place,
        "holder_birth_province": who.birth_province,
        "holder_tax_code": who.tax_code,
        "holder_sex": who.sex,
        **_address("holder", who.home),
        **mailing,
        **reach,
    }


def _delegate(case: Situation, rng: Random) -> Answers:
    who = case.delegate
    if who is None:
        return {}
    reach: Answers = {"delegate_phone": who.mobile} if rng.random() < 0.7 else {}
    bond: Answers = {"delegate_relationship": "family"}
    if rng.random() < 0.2:
        bond = {"delegate_relationship": "other", "delegate_relationship_other": rng.choice(("vicino", "amica"))}
    return {
        "delegate_surname": who.surname,
        "delegate_given_name": who.given_name,
        "delegate_tax_code": who.tax_code,
        **bond,
        "delegate_not_professional": True,
        "delegation_attached": True,
        **_address("delegate", who.home),
        "delegate_email": who.email,
        **reach,
    }


def _supply(case: Situation, rng: Random) -> Answers:
    who = case.holder
    values: Answers = {"supply_service": case.service, **_address("supply", who.home)}
    if case.service != "gas":
        values["supply_pod"] = who.pod
    if case.service != "electricity":
        values["supply_pdr"] = who.pdr
    values["supply_use"] = "other_use" if case.procedure == "RIPRISTINO" else "domestic_use"
    if rng.random() < 0.7:
        values["customer_code"] = who.customer_code
    if rng.random() < 0.5:
        values["supply_contract_number"] = who.contract_number
    return values


def _operators(case: Situation) -> Answers:
    current, previous = case.suppliers
    both: Answers = {"supplier_current": current, "supplier_previous": previous}
    stated: dict[str, Answers] = {
        "BONUS": {"supplier_current": current, "distributor": case.distributor},
        "RIPRISTINO": {"supplier_contested": current, "supplier_previous": previous},
        "INDENNIZZO": {"supplier_current": current},
    }
    return stated.get(case.procedure, both)


def _complaint(case: Situation, rng: Random) -> Answers:
    if case.complaint is None:
        return {}
    values: Answers = {
        "complaint_sent_date": _iso(case.complaint),
        "complaint_recipient": case.to_whom,
        "complaint_means": rng.choice(("email", "pec", "registered_letter", "fax", "web")),
        "complaint_answered": "yes" if case.answered else "no",
    }
    if rng.random() < 0.3:
        values["complaint_received_date"] = _iso(case.complaint + timedelta(days=rng.randint(1, 4)))
    if case.answered:
        values["complaint_answer_date"] = _iso(case.answered)
    return values


def _bonus(case: Situation, rng: Random) -> Answers:
    number = f"{rng.randrange(10**9):09d}"
    named: Answers = {"bonus_request_number": number}
    if rng.random() < 0.3:
        named = {"isee_protocol": f"PROVA-ISEE-{case.day.year}-{number}"}
    return {
        **named,
        "bonus_kind": case.variant,
        "bonus_year": str(case.day.year),
        "bonus_application_date": _iso(date(case.day.year, rng.randint(1, 5), rng.randint(1, 28))),
        "bonus_application_office": f"Comune di {case.holder.home.municipality}",
        "bonus_household_size": str(rng.randint(1, 6)),
    }


def _ripristino(case: Situation, rng: Random) -> Answers:
    start = (case.complaint or case.day) - timedelta(days=rng.randint(10, 30))
    return {
        "contract_number": case.holder.contract_number,
        "contract_discovered_date": _iso(start),
        "contract_activation_date": _iso(start - timedelta(days=rng.randint(5, 40))),
    }


def _cmor(case: Situation, rng: Random) -> Answers:
    billed = (case.complaint or case.day) - timedelta(days=rng.randint(15, 40))
    values: Answers = {
        "cmor_reason": case.variant,
        "cmor_amount": _euro(case.amount_cents),
        "cmor_bill_number": _bill(rng),
        "cmor_bill_date": _iso(billed),
        "cmor_bill_due_date": _iso(billed + timedelta(days=20)),
    }
    if case.variant == "already_paid":
        values |= {"cmor_paid_date": _iso(billed - timedelta(days=60)), "cmor_paid_amount": _euro(case.amount_cents)}
    return values


def _doppia(case: Situation, rng: Random) -> Answers:
    switch = (case.complaint or case.day) - timedelta(days=rng.randint(90, 150))
    return {
        "switch_date": _iso(switch),
        "double_period_from": _iso(switch),
        "double_period_to": _iso(switch + timedelta(days=rng.randint(28, 61))),
        "bill_numbers_old": tuple(_bill(rng) for _ in range(rng.randint(1, 2))),
        "bill_numbers_new": tuple(_bill(rng) for _ in range(rng.randint(1, 2))),
    }


def _indennizzo(case: Situation, rng: Random) -> Answers:
    return {
        "indemnity_standard": case.variant,
        "indemnity_event_date": _iso((case.complaint or case.day) - timedelta(days=rng.randint(5, 60))),
        "indemnity_amount": rng.choice(("30.00", "60.00", "90.00")),
        "indemnity_bill": _bill(rng),
    }


_SPECIFIC: dict[str, Callable[[Situation, Random], Answers]] = {
    "BONUS": _bonus,
    "RIPRISTINO": _ripristino,
    "CMOR": _cmor,
    "DOPPIA": _doppia,
    "INDENNIZZO": _indennizzo,
}


def _subcase(case: Situation, rng: Random) -> str:
    if case.procedure == "CMOR":
        return "not_cancelled" if case.variant == "already_paid" else "charge_error"
    return rng.choice(SUBCASES[case.procedure])


def _address(prefix: str, home: Address) -> Answers:
    return {
        f"{prefix}_street": home.street,
        f"{prefix}_street_number": home.number,
        f"{prefix}_postal_code": home.postal_code,
        f"{prefix}_municipality": home.municipality,
        f"{prefix}_province": home.province,
    }


def _bill(rng: Random) -> str:
    return f"{rng.choice(('FT', 'E', '26', 'B'))}{rng.randrange(10**8):08d}"


def _euro(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _iso(day: date) -> str:
    return day.isoformat()


def _vat(rng: Random) -> str:
    stem = f"0{rng.randrange(10**6):06d}001"
    doubled = [int(c) if i % 2 == 0 else sum(divmod(2 * int(c), 10)) for i, c in enumerate(stem)]
    return stem + str(-sum(doubled) % 10)
