"""Why a part of a delivery cannot be used, in Italian and with what to do next; the name of the file is put in."""

from intake.filetype import FileType
from intake.names import one_line
from intake.receipt import Refused

_ASK_FOR_PDF = "Chiedere al mittente il modulo in PDF, oppure una scansione o una foto (TIFF, JPEG, PNG)."
_UNPACKED = "Chiedere al mittente di allegare i documenti senza archivio, oppure in un archivio zip."
_BY_REASON = {
    "empty": "Il file «{name}» è vuoto. Chiedere al mittente di inviarlo di nuovo.",
    "oversize": "Il file «{name}» è troppo grande. Chiedere al mittente di dividerlo in più file, "
    "con scansioni a 200-300 dpi.",
    "mail_oversize": "Il messaggio supera la dimensione massima e ne sono state prese solo le intestazioni. "
    "Aprirlo nella casella di posta, oppure chiedere al mittente di inviarlo in più messaggi.",
    "too_many": "Il file «{name}» non è stato aperto: i file allegati sono troppi. "
    "Aprire l'originale e chiedere al mittente solo i documenti richiesti.",
    "too_deep": "Il file «{name}» non è stato aperto: ci sono troppi archivi o messaggi uno dentro l'altro. "
    "Chiedere al mittente di inviare i documenti direttamente in allegato.",
    "encrypted": "Il file «{name}» è protetto da password. Chiedere al mittente una copia senza password.",
    "damaged": "Il file «{name}» è danneggiato e non si apre. Chiedere al mittente di inviarlo di nuovo.",
    "link": "Il file «{name}» è un collegamento dentro un archivio e non un documento. "
    "Chiedere al mittente di allegare il documento stesso.",
    "yenc": "Il file «{name}» è scritto nel testo del messaggio con la codifica yEnc. "
    "Chiedere al mittente di inviarlo come normale allegato.",
    "pgp": "Il contenuto «{name}» è cifrato con PGP. Chiedere al mittente di inviarlo senza cifratura.",
    "smime_encrypted": "Il contenuto «{name}» è cifrato (S/MIME) e non si apre. "
    "Chiedere al mittente di inviarlo senza cifratura; la firma digitale può restare.",
    "detached": "«{name}» contiene solo una firma digitale, senza il documento firmato. "
    "Chiedere al mittente di inviare anche il documento.",
    "partial": "Il messaggio «{name}» è solo una parte di un messaggio diviso in più invii. "
    "Chiedere al mittente di inviare i documenti in allegato, un messaggio per volta.",
    "external": "Il file «{name}» non è nel messaggio: c'è solo l'indirizzo di dove si trova, che non viene aperto. "
    "Chiedere al mittente di allegarlo.",
    "cloud_link": "Il messaggio rimanda a file in rete ({name}). I collegamenti non vengono aperti. "
    "Chiedere al mittente di inviare i documenti in allegato.",
    "pec_unknown": "È un messaggio di servizio della PEC di un tipo non conosciuto ({name}). "
    "Aprire l'originale e decidere.",
    "mail_too_complex": "Il messaggio «{name}» ha una struttura fuori misura: non tutte le sue parti sono state lette. "
    "Aprire l'originale con prudenza e, se serve, chiedere al mittente di inviarlo di nuovo.",
    "mail_broken": "Una parte del messaggio «{name}» è danneggiata e non si legge. "
    "Aprire l'originale e, se mancano documenti, chiedere al mittente di inviarlo di nuovo.",
}
_BY_TYPE = {
    FileType.OLE: "Il file «{name}» è un documento di Office di vecchio tipo. " + _ASK_FOR_PDF,
    FileType.XLSX: "Il file «{name}» è un foglio Excel. " + _ASK_FOR_PDF,
    FileType.ODS: "Il file «{name}» è un foglio di calcolo. " + _ASK_FOR_PDF,
    FileType.PPTX: "Il file «{name}» è una presentazione. " + _ASK_FOR_PDF,
    FileType.RAR: "Il file «{name}» è un archivio RAR. " + _UNPACKED,
    FileType.SEVENZIP: "Il file «{name}» è un archivio 7z. " + _UNPACKED,
    FileType.P7M: "Il file «{name}» è firmato digitalmente (p7m), ma non si riesce ad aprirlo. "
    "Chiedere al mittente il PDF firmato in formato PAdES o senza firma digitale.",
}
_FOREIGN = "Il file «{name}» non è un PDF né un'immagine leggibile. " + _ASK_FOR_PDF
_ASIDE = {
    "logo": "«{name}» è un'immagine decorativa: non serve fare nulla.",
    "duplicate": "«{name}» è uguale a un altro file dello stesso invio: non serve fare nulla.",
    "provider": "«{name}» è una parte tecnica della posta certificata: non serve fare nulla.",
    "card": "«{name}» è un biglietto da visita o un appuntamento: non serve fare nulla.",
    "signature": "«{name}» è la firma digitale del messaggio: non serve fare nulla.",
    "report": "«{name}» è una parte tecnica di un avviso di posta: non serve fare nulla.",
    "litter": "«{name}» è un file di servizio dell'archivio: non serve fare nulla.",
    "original": "«{name}» è il messaggio a cui l'avviso si riferisce: non serve fare nulla.",
}
REASONS = frozenset({*_BY_REASON, *_ASIDE, "foreign"})
"""Every reason for which a part is not used."""


def refused(name: str, reason: str) -> Refused:
    """Make the refusal of a part for a reason of the table above."""
    return Refused(name, reason, _BY_REASON[reason].format(name=one_line(name, 200)))


def refused_type(name: str, kind: FileType) -> Refused:
    """Make the refusal of a file whose type holds no sheets we can open."""
    reason = "empty" if kind is FileType.EMPTY else "foreign"
    text = _BY_REASON["empty"] if kind is FileType.EMPTY else _BY_TYPE.get(kind, _FOREIGN)
    return Refused(name, reason, text.format(name=name))


def set_aside(name: str, reason: str) -> Refused:
    """Note a part that nobody needs to act on, for a reason of the table above."""
    return Refused(name, reason, _ASIDE[reason].format(name=name))
