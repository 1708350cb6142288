"""The pictures of a forward in docs/: composed by the product from a made-up letter, shown by Chromium.

Run: ``python -m tests.pictures [FOLDER]`` (``make pictures``); it needs Debian's chromium.
"""

import email
import email.policy
import subprocess
import sys
import tempfile
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from complaints.outbox import Notice, NoticeKind
from notifiers.compose import Voice, compose
from notifiers.sample import LETTER, sample

VOICE = Voice(
    organisation="Northgate Managed Services",
    address="privacy@northgate.example",
    timezone="Europe/London",
)
FACTS: dict[str, Any] = dict(sample(NoticeKind.FORWARD).facts) | {
    "sender": "registry@dataprotection.ie",
    "manager_name": "Aoife Ní Bhriain",
    "timezone": "Europe/Dublin",
    "mailbox": "privacy@northgate.example/INBOX",
}
GERMAN: dict[str, Any] = FACTS | {
    "authority": "Bayerisches Landesamt für Datenschutzaufsicht",
    "reference": "LDA-1085.4-2841/26",
    "references": ["LDA-1085.4-2841/26"],
    "customer": "Müller & Söhne Versand GmbH",
    "manager_name": "Jule Brandt",
    "sender": "poststelle@lda.bayern.de",
    "sender_name": "BayLDA, Referat 4",
    "subject": "Anhörung zu einer Beschwerde, LDA-1085.4-2841/26",
    "letter_language": "de",
    "terms": "4 business hours",
    "reckoned": "counted: Mon 6 Jul 09:00 to 13:00; not counted: weekend",
    "counted_in": "Europe/Berlin",
    "due_at": "2026-07-06T11:00:00+00:00",
    "respond_by_quote": "Wir bitten um Ihre Stellungnahme bis zum 24. Juli 2026",
    "timezone": "Europe/Berlin",
    "mailbox": "privacy@northgate.example/INBOX",
    "attachments": [
        {"name": "Anhörung_Müller_und_Söhne.pdf", "content_type": "application/pdf", "size": 218_400}
    ],
    "evidence": {
        "recognition": [
            {"what": "sender domain", "found": "lda.bayern.de", "where": "From"},
            {"what": "authentication", "found": "dmarc=pass", "where": "Authentication-Results"},
            {"what": "case reference", "found": "LDA-1085.4-2841/26", "where": "subject"},
        ],
        "match": [
            {
                "what": "full name, respondent",
                "found": "Müller & Söhne Versand GmbH",
                "where": "attachment:Anhörung_Müller_und_Söhne.pdf",
            },
            {"what": "domain", "found": "mueller-versand.example", "where": "body"},
        ],
    },
}
_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
]


def html_of(notice: Notice) -> str:
    """The HTML part of a forward."""
    message = email.message_from_bytes(compose(notice, VOICE, LETTER), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def picture(html: str, to: Path, *, width: int, height: int, dark: bool = False) -> None:
    """What a mail program shows of it."""
    # Headless, Chromium knows no scheme of the machine's: dark is asked for by its own switch.
    scheme = ("--blink-settings=preferredColorScheme=0",) if dark else ()
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "note.html")
        page.write_text(html, encoding="utf-8")
        command = ["chromium", *_FLAGS, *scheme, f"--user-data-dir={folder}/profile"]
        command += [f"--window-size={width},{height}", f"--screenshot={to}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)


def main(folder: Path) -> None:
    """Write all of them."""
    english = sample(NoticeKind.FORWARD, FACTS, language="en")
    german = sample(NoticeKind.FORWARD, GERMAN, language="de")
    picture(html_of(english), folder / "forward.png", width=720, height=900)
    picture(html_of(english), folder / "forward-dark.png", width=720, height=900, dark=True)
    picture(html_of(german), folder / "forward-de.png", width=720, height=900)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
