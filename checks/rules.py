"""The table of the rules. Each looks at one request and tells what it finds; none stops another."""

from collections.abc import Callable, Iterable, Mapping

from checks.address import address
from checks.attachments import attachments
from checks.complaint import complaint
from checks.completeness import completeness
from checks.customer import customer
from checks.dates import dates
from checks.delegate import delegate
from checks.delegation import delegation
from checks.eligibility import eligibility
from checks.groups import groups
from checks.identity import identity
from checks.person import person
from checks.request import Request
from checks.sheets import missing_pages
from checks.subject import bonus, doubts, edition, subject
from checks.validation import Finding

Rule = Callable[[Request], Iterable[Finding]]

RULES: Mapping[str, Rule] = {
    "edition": edition,
    "subject": subject,
    "eligibility": eligibility,
    "customer": customer,
    "missing_pages": missing_pages,
    "completeness": completeness,
    "groups": groups,
    "delegate": delegate,
    "delegation": delegation,
    "complaint": complaint,
    "attachments": attachments,
    "identity": identity,
    "person": person,
    "address": address,
    "dates": dates,
    "bonus": bonus,
    "doubts": doubts,
}
"""In the order in which a reader should meet what they find."""
