"""The way of a form, from the bytes of one delivery to submissions that are read and checked.

Each step is a verb of another room; none knows the next. What comes in leaves as a submission or as a recorded
refusal, never in silence.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from cases.named import MOST_CHARS
from cases.submission import Held, Looked, Submission
from cases.transcript import Transcript, note
from checks.context import Context
from checks.validation import Validation
from intake.receipt import Channel, Document, MailKind, Parcel, Refused, Use
from jobs.online import online_bundle, online_papers, online_subject
from jobs.post import Post
from jobs.roles import EMPTY_ROLES, Papers, attached, doubts, letters, page_uses, seen_sheets
from ocr.ink import Ink
from pages.page import Page, Unreadable
from parsers.online import Typed, typed
from parsers.reading import FileUse, Paper, Reading, Value
from templates.follow import cut_off
from templates.form import Form, Match, Unlaid
from templates.likeness import Sheet
from templates.load import Library
from templates.sentences import cut_sentence, unlaid_sentence
from templates.slip import read_slip
from templates.sort import Bundle, Leaf

_NO_FORMS = partial(typed, Library(()).get)


@dataclass(frozen=True, slots=True)
class Flow:
    """The steps of a look, wired once; ``look`` composes them."""

    unpack: Callable[[str, bytes, bool], Parcel]
    open: Callable[[Document], Sequence[Page]]
    lay: Callable[[Page], Match | Unlaid | None]
    sort: Callable[[Sequence[Leaf]], Sequence[Bundle]]
    read: Callable[[Page, Match], Sequence[Ink]]
    extract: Callable[[Form, Sequence[Ink], date], dict[str, Value]]
    name_paper: Callable[[Page], Paper]
    """Say what a sheet that is no form page is."""
    name_stranger: Callable[[str], str]
    validate: Callable[[Reading, Form | None, Context], Validation]
    context: Callable[[Post, str], Context]
    """What the checks must know of a delivery and its sender."""
    typed: Callable[[bytes], Typed] = _NO_FORMS
    """Read the typed part of an online submission."""
    versions: Callable[[], Mapping[str, str]] = dict
    """Name the engines, models and form editions at work, to be kept with what they read."""

    def look(self, post: Post) -> Looked:
        """Read and check all that one delivery holds."""
        parcel = self.unpack(post.name, post.raw, post.channel is Channel.PEC)
        if parcel.kind is not MailKind.REQUEST:
            return self._dated(post, _looked(parcel, (), parcel.refused, _held(parcel, (), ()), ()))
        if post.channel is Channel.ONLINE:
            return self._dated(post, self._online(parcel, post))
        post = replace(post, received_at=parcel.certified_at or post.received_at)
        pages, unread = self._open(parcel)
        leaves = [self._lay(page) for page in pages]
        papers = {page: self.name_paper(page) for page, match in leaves if match is None}
        bundles = [bundle for letter in letters(leaves, papers) for bundle in self.sort(letter)]
        refused = (*parcel.refused, *unread)
        submissions = tuple(self._consider(bundle, papers, parcel, refused, post) for bundle in bundles)
        held = _held(parcel, pages, unread)
        found = submissions or (self._no_sheet(parcel, refused, post),)
        return self._dated(post, _posted(_looked(parcel, found, refused, held, pages), papers))

    def _online(self, parcel: Parcel, post: Post) -> Looked:
        """Look at an online submission: its first document is what was typed, the others are the papers with it."""
        typed = self.typed(parcel.documents[0].content)
        parcel = replace(parcel, sender=typed.told.sender or "", subject=online_subject(typed))
        pages, unread = self._open(replace(parcel, documents=parcel.documents[1:]))
        leaves = [self._lay(page) for page in pages]
        papers = online_papers(typed, leaves, self.name_paper)
        refused = (*parcel.refused, *unread)
        found = self._consider(online_bundle(typed, leaves), papers, parcel, refused, post, typed.inks)
        return _looked(parcel, (found,), refused, _held(parcel, pages, unread), pages)

    def _dated(self, post: Post, looked: Looked) -> Looked:
        return replace(looked, looked_on=post.processed_on, versions=self.versions())

    def _lay(self, page: Page) -> Leaf:
        """Lay a sheet; one that is not to be trusted is no form page, and keeps a sentence for the clerk."""
        found = self.lay(page)
        if isinstance(found, Unlaid):
            return replace(page, doubts=(*page.doubts, unlaid_sentence(page, found))), None
        if found is not None and (labels := cut_off(page, found)):
            page = replace(page, doubts=(*page.doubts, cut_sentence(page, labels)))
        return page, found

    def _open(self, parcel: Parcel) -> tuple[list[Page], tuple[Refused, ...]]:
        """Open every document; one that cannot be opened is a refusal with its reason, and stops no other."""
        pages: list[Page] = []
        refused: list[Refused] = []
        for document in parcel.documents:
            try:
                pages.extend(self.open(document))
            except Unreadable as error:
                refused.append(Refused(document.name, error.reason, str(error)))
        return pages, tuple(refused)

    def _consider(
        self,
        bundle: Bundle,
        papers: Papers,
        parcel: Parcel,
        refused: Sequence[Refused],
        post: Post,
        typed: Sequence[Ink] = (),
    ) -> Submission:
        """Read and check one submission: the sheets of its form, or what was typed of it, and the papers with it."""
        inks, delega = [*typed, *self._inks(bundle.sheets)], self._inks(bundle.delega)
        with_it = [*attached(bundle, papers), *(_delegation(page) for page, _ in bundle.delega)]
        reading = Reading(
            form=bundle.form.code if bundle.form else "",
            edition=bundle.form.edition if bundle.form else "",
            values=self._values(bundle.form if bundle.sheets or typed else None, inks, post),
            delega=self._values(_form_of(bundle.delega), delega, post),
            pages=page_uses(bundle, papers),
            papers=tuple(with_it),
            files=_files(parcel, bundle),
            missing_pages=() if typed else _missing(bundle),
            stranger="" if bundle.form else self._stranger(bundle, papers, parcel),
            doubts=(*(r.message for r in refused), *parcel.doubts, *doubts(bundle, papers)),
        )
        validation = self.validate(reading, bundle.form, self.context(post, parcel.sender))
        return Submission(reading, validation, Transcript(seen_sheets(bundle), note(inks), note(delega)))

    def _inks(self, sheets: Sequence[tuple[Page, Match]]) -> list[Ink]:
        return [ink for page, match in sheets for ink in self.read(page, match)]

    def _values(self, form: Form | None, inks: Sequence[Ink], post: Post) -> dict[str, Value]:
        """Decode what stands on one form; no form, no values."""
        return self.extract(form, inks, post.processed_on) if form else {}

    def _no_sheet(self, parcel: Parcel, refused: Sequence[Refused], post: Post) -> Submission:
        """Consider a delivery of which no sheet could be seen: a mail without papers, or files that do not open."""
        reading = Reading(
            form="",
            edition="",
            values={},
            files=tuple(FileUse(d.name, d.digest) for d in parcel.documents),
            stranger="unreadable" if refused else self.name_stranger(_words(parcel)),
            doubts=(*(r.message for r in refused), *parcel.doubts),
        )
        return Submission(reading, self.validate(reading, None, self.context(post, parcel.sender)))

    def _stranger(self, bundle: Bundle, papers: Papers, parcel: Parcel) -> str:
        """Name what came in place of a form, by all its words but those of covers."""
        said = (papers[page].text for page in bundle.loose if papers[page].role not in EMPTY_ROLES)
        return self.name_stranger("\n".join([_words(parcel), *said]))


def _looked(
    parcel: Parcel,
    submissions: tuple[Submission, ...],
    refused: tuple[Refused, ...],
    held: tuple[Held, ...],
    pages: Sequence[Page],
) -> Looked:
    return Looked(
        submissions=submissions,
        refused=refused,
        kind=parcel.kind,
        sender=parcel.sender,
        subject=parcel.subject,
        message_id=parcel.message_id,
        certified_at=parcel.certified_at,
        held=held,
        words=_words(parcel)[:MOST_CHARS],
        references=parcel.references,
        codes=tuple(dict.fromkeys(c.text for page in pages for c in page.codes if read_slip(c.text))),
        about=next(iter(parcel.references), ""),
        facts=parcel.facts,
        notes=parcel.notes,
        signatures=parcel.signatures,
        parts=parcel.parts,
    )


def _posted(looked: Looked, papers: Papers) -> Looked:
    """Keep the numbers of registered letters that stand on covers, envelopes and slips."""
    numbers = list(dict.fromkeys(number for paper in papers.values() for number in paper.posted))
    if not numbers:
        return looked
    note = f"Sui fogli arrivati c'è il numero di raccomandata {', '.join(numbers)}."
    return replace(looked, facts={**looked.facts, "registered_letter": ", ".join(numbers)}, notes=(*looked.notes, note))


def _held(parcel: Parcel, pages: Sequence[Page], unread: Sequence[Refused]) -> tuple[Held, ...]:
    """List every file of a delivery for the ledger: looked at, refused, or set aside."""
    why = {r.name: r.reason for r in unread}
    looked_at = [
        Held(d.name, d.digest, tuple(p.number for p in pages if p.file == d.name), _fate(d, why), why.get(d.name, ""))
        for d in parcel.documents
    ]
    others = [Held(p.name, p.digest, (), _FATES[p.use], p.reason or "opened") for p in parcel.parts if p.use in _FATES]
    known = {(part.name, part.reason) for part in parcel.parts}
    told = [("refused", r) for r in parcel.refused] + [("aside", r) for r in parcel.set_aside]
    rest = [Held(r.name, fate=fate, reason=r.reason) for fate, r in told if (r.name, r.reason) not in known]
    return (*looked_at, *others, *rest)


_FATES = {Use.OPENED: "aside", Use.SIGNATURE: "aside", Use.ASIDE: "aside", Use.LEFT_OUT: "refused"}


def _fate(document: Document, unread: Mapping[str, str]) -> str:
    return "refused" if document.name in unread else ""


def _form_of(sheets: Sequence[Sheet]) -> Form | None:
    return sheets[0][1].form if sheets else None


def _words(parcel: Parcel) -> str:
    return f"{parcel.subject}\n{parcel.body}".strip()


def _delegation(page: Page) -> Paper:
    return Paper("delegation_signed", page.file, page.number, 1.0, evidence="modulo di delega")


def _files(parcel: Parcel, bundle: Bundle) -> tuple[FileUse, ...]:
    """Give the files of which a page is in the bundle, each once, in the order of the delivery."""
    laid = (*bundle.sheets, *bundle.delega, *(double.sheet for double in bundle.doubles))
    seals = {p.digest: p.seal for p in (*(p for p, _ in laid), *bundle.loose)}
    present = [d for d in parcel.documents if d.digest in seals]
    return tuple(dict.fromkeys(FileUse(d.name, d.digest, seals[d.digest]) for d in present))


def _missing(bundle: Bundle) -> tuple[int, ...]:
    if bundle.form is None:
        return ()
    found = {match.page for _, match in bundle.sheets}
    return tuple(n for n in range(1, bundle.form.page_count + 1) if n not in found)
