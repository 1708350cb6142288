"""What counts as an acknowledgement: plain words alone; whatever says more is read by a person."""

import pytest

from complaints.confirmation import Says, says
from complaints.inbox.mime import read_mail


def answer(words: str) -> Says:
    head = "From: Ada <ada@acme.example>\r\nTo: us@msp.example\r\nSubject: Re: [FW-1001] complaint\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    quoted = (
        "\r\n\r\nOn Monday Northgate wrote:\r\n> A letter is attached. What is asked: who had access?\r\n"
    )
    return says(read_mail((head + words.replace("\n", "\r\n") + quoted).encode()))


PLAIN = (
    "Received, thank you.",
    "Thanks, we have it and will deal with it.",
    "Ok.",
    "Will do",
    "Got it, on it.\n\nKind regards\nAda Acme\nHead of Supplier Management\nAcme Ltd, 1 High Street, London, no. 4\nTel. +44 20 7946 0000",
    "Hi,\n\nConfirmed, we have this. Our data protection officer takes it from here.\n\nBest wishes\nAda",
    "Erhalten, danke.",
    "Guten Tag, ich bestätige den Eingang.\n\nMit freundlichen Grüßen\nAda Acme",
    "Alles klar, wir kümmern uns.",
    "Bien reçu, merci.\n\nCordialement,\nAda",
    "C'est noté.",
    "Recibido, gracias. Lo tengo en mis manos.\n\nUn saludo\nAda",
    "Ricevuto, grazie. Ne prendiamo nota.\n\nCordiali saluti",
    "Ontvangen, dank u wel.\n\nMet vriendelijke groet",
    "Dziękuję, pismo mamy.\n\nZ poważaniem",
    "Tack, mottaget.\n\nMvh\nAda",
    "Modtaget, tak.",
    "Mottatt, takk.",
    "Recebido, obrigada.",
    "Kiitos, vastaanotettu.",
    "Děkuji, potvrzuji.",
    "Köszönöm, megkaptuk.",
)
MORE = (
    "Received, thank you. Please keep all data of this person; everything must stay as it is.",
    "Thanks, we have it. Please send us all access logs by Friday.",
    "Erhalten, danke. Bitte senden Sie uns die Protokolle bis Freitag.",
    "Bien reçu. Veuillez conserver toutes les données.",
    "Recibido. Por favor, envíen los registros.",
    "Ricevuto, grazie. Dovete conservare tutti i dati.",
    "Ontvangen, dank. Graag alle logbestanden bewaren.",
    "Thanks, received. "
    + "The matter is with our lawyers who look at what the person says about the portal. " * 3,
)
NO_CONFIRMATION = (
    "I cannot open the attachment, send it again.",
    "Thanks, but the attachment is missing.",
    "I think you have sent it to other people than you meant to.",
    "Thank you, but I'm not responsible any more, write to Bob.",
    "We have never seen this person.",
    "Das betrifft uns nicht.",
    "Danke, aber ich kann den Anhang nicht öffnen.",
    "Merci, mais la pièce jointe manque.",
    "Gracias, pero no puedo abrir el archivo.",
    "Grazie, ma l'allegato non si apre.",
    "Bedankt, maar de bijlage ontbreekt.",
    "Tack, men bilagan saknas.",
    "Who is this about?",
    "Our lawyers will write to you.",
    "",
)


@pytest.mark.parametrize("words", PLAIN)
def test_plain_words_confirm_and_nobody_need_read_them(words: str) -> None:
    assert answer(words) is Says.HAS_IT


@pytest.mark.parametrize("words", MORE)
def test_who_confirms_and_says_more_is_read(words: str) -> None:
    assert answer(words) is Says.MORE


@pytest.mark.parametrize("words", NO_CONFIRMATION)
def test_what_asks_denies_or_says_something_else_confirms_nothing(words: str) -> None:
    assert answer(words) is Says.ASKS


@pytest.mark.parametrize(
    "words", ["This is not ours.", "Nicht für uns, falscher Empfänger.", "Wrong company, sorry."]
)
def test_who_sends_it_back_is_heard(words: str) -> None:
    assert answer(words) is Says.NOT_THEIRS
