"""Why a part of a delivery cannot be used, in Italian and with what to do next; the name of the file is put in."""

from intake.filetype import FileType
from intake.receipt import Refused

_ASK_FOR_PDF = "Chiedere al mittente il modulo in PDF, oppure una scansione o una foto (TIFF, JPEG, PNG)."
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
    "mail_too_complex": "Il messaggio «{name}» ha una struttura fuori misura: ne sono lette solo le intestazioni. "
    "Aprire l'originale con prudenza e, se serve, chiedere al mittente di inviarlo di nuovo.",
    "mail_broken": "Una parte del messaggio «{name}» è danneggiata e non si legge. "
    "Aprire l'originale e, se mancano documenti, chiedere al mittente di inviarlo di nuovo.",
}
_BY_TYPE = {
    FileType.DOCX: "Il file «{name}» è un documento Word. " + _ASK_FOR_PDF,
    FileType.OLE: "Il file «{name}» è un vecchio documento di Office o un messaggio di Outlook. " + _ASK_FOR_PDF,
    FileType.ODT: "Il file «{name}» è un documento di LibreOffice. " + _ASK_FOR_PDF,
    FileType.XLSX: "Il file «{name}» è un foglio Excel. " + _ASK_FOR_PDF,
    FileType.RTF: "Il file «{name}» è un documento RTF. " + _ASK_FOR_PDF,
    FileType.TEXT: "Il file «{name}» contiene solo testo. " + _ASK_FOR_PDF,
    FileType.HTML: "Il file «{name}» è una pagina web. " + _ASK_FOR_PDF,
    FileType.HEIC: "Il file «{name}» è una foto HEIC (iPhone). Chiedere al mittente di inviarla come JPEG o PDF.",
    FileType.RAR: "Il file «{name}» è un archivio RAR. Chiedere al mittente di allegare i documenti senza archivio.",
    FileType.SEVENZIP: "Il file «{name}» è un archivio 7z. "
    "Chiedere al mittente di allegare i documenti senza archivio.",
    FileType.TNEF: "Il file «{name}» è un allegato di Outlook (winmail.dat). "
    "Chiedere al mittente di inviare il messaggio come HTML o testo, con gli allegati separati.",
    FileType.P7M: "Il file «{name}» è firmato digitalmente (p7m). Aprirlo con un programma di firma, "
    "oppure chiedere al mittente il PDF firmato in formato PAdES o senza firma digitale.",
}
_FOREIGN = "Il file «{name}» non è un PDF né un'immagine leggibile. " + _ASK_FOR_PDF


def refused(name: str, reason: str) -> Refused:
    """Make the refusal of a part for a reason of the table above."""
    return Refused(name, reason, _BY_REASON[reason].format(name=name))


def refused_type(name: str, kind: FileType) -> Refused:
    """Make the refusal of a file whose type holds no sheets we can open."""
    reason = "empty" if kind is FileType.EMPTY else "foreign"
    text = _BY_REASON["empty"] if kind is FileType.EMPTY else _BY_TYPE.get(kind, _FOREIGN)
    return Refused(name, reason, text.format(name=name))


def set_aside(name: str, reason: str) -> Refused:
    """Note a part that nobody needs to act on. ``reason``: "logo", "duplicate", "provider", "card", "signature"."""
    return Refused(name, reason, f"«{name}»: non serve fare nulla.")
