"""Letters with a known truth, made from real company names with controlled noise: who is meant, and how it is said.

``company_names.csv`` holds 3,069 real organisations with their brands and web sites (CC0). Every other one is a
customer; the rest are companies that are none, some with names like a customer's. All draws come from one seed.
"""

import csv
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from complaints.matching.names import Tier, names_of
from complaints.model import Address, Customer, InboundMail, Passage

_NAMES = Path(__file__).parent / "company_names.csv"
_SEED = 20261126

# A letter's sentences by language: opening that names the company, a sentence without names, a request, a closing.
_FRAMES: dict[str, tuple[tuple[str, ...], str, str, str]] = {
    "en": (
        (
            "We have received a complaint about {name}.",
            "A member of the public has complained to us about the way {name} handled her request.",
            "The controller is {name}, for whom you run the help desk.",
            "I am writing about {name}. The complainant says that her data were shown to a stranger.",
        ),
        "She wrote to the company in August and has had no answer since.",
        "Please let us have your comments within 28 days of the date of this letter.",
        "Yours faithfully",
    ),
    "de": (
        (
            "uns liegt eine Beschwerde über {name} vor.",
            "ein Bürger beschwert sich darüber, dass {name} seine Daten nicht gelöscht hat.",
            "verantwortlich ist nach unserer Kenntnis {name}, für die Sie die Kundendaten verarbeiten.",
        ),
        "Auf sein Schreiben vom August hat er bis heute keine Antwort erhalten.",
        "Wir bitten um Ihre Stellungnahme binnen vier Wochen nach Zugang dieses Schreibens.",
        "Mit freundlichen Grüßen",
    ),
    "fr": (
        (
            "Nous avons été saisis d'une plainte à l'encontre de {name}.",
            "Une personne se plaint de ce que {name} n'a pas répondu à sa demande d'accès.",
        ),
        "Elle avait écrit à la société au mois d'août.",
        "Nous vous remercions de vos observations dans un délai d'un mois.",
        "Cordialement",
    ),
    "es": (
        (
            "Se ha recibido una reclamación contra {name}.",
            "El reclamante manifiesta que {name} no atendió su solicitud de supresión.",
        ),
        "Se dirigió a la entidad en el mes de agosto sin obtener respuesta.",
        "Se les concede un plazo de diez días hábiles para contestar.",
        "Atentamente",
    ),
    "it": (
        (
            "È pervenuto un reclamo nei confronti di {name}.",
            "La reclamante riferisce che {name} non ha dato riscontro alla sua istanza.",
        ),
        "Aveva scritto alla società nel mese di agosto.",
        "Si chiede di fornire riscontro entro venti giorni.",
        "Distinti saluti",
    ),
    "nl": (
        (
            "Wij hebben een klacht ontvangen over {name}.",
            "Klager stelt dat {name} zijn gegevens niet heeft verwijderd.",
        ),
        "Hij schreef het bedrijf in augustus.",
        "Wij ontvangen graag uw reactie binnen vier weken.",
        "Met vriendelijke groet",
    ),
    "pl": (
        ("Do Urzędu wpłynęła skarga na {name}.", "Skarżący podnosi, że {name} nie usunęła jego danych."),
        "Zwrócił się do spółki w sierpniu.",
        "Prosimy o wyjaśnienia w terminie 7 dni.",
        "Z poważaniem",
    ),
    "sv": (
        ("Vi har fått ett klagomål mot {name}.", "Klaganden uppger att {name} inte har raderat uppgifterna."),
        "Han skrev till bolaget i augusti.",
        "Vi ber om ert yttrande inom tre veckor.",
        "Med vänlig hälsning",
    ),
    "da": (
        (
            "Vi har modtaget en klage over {name}.",
            "Klageren oplyser, at {name} ikke har slettet hendes oplysninger.",
        ),
        "Hun skrev til selskabet i august.",
        "Vi beder om en udtalelse inden tre uger.",
        "Med venlig hilsen",
    ),
    "no": (
        ("Vi har mottatt en klage på {name}.", "Klageren opplyser at {name} ikke har slettet opplysningene."),
        "Hun skrev til selskapet i august.",
        "Vi ber om en redegjørelse innen tre uker.",
        "Med vennlig hilsen",
    ),
    "pt": (
        ("Recebemos uma queixa contra {name}.", "O queixoso refere que {name} não apagou os seus dados."),
        "Escreveu à empresa em agosto.",
        "Solicitamos a vossa resposta no prazo de 20 dias.",
        "Com os melhores cumprimentos",
    ),
}
_NOT_ABOUT = {
    "en": "The complaint is not about {name}.",
    "de": "{name} ist nicht betroffen.",
    "fr": "{name} n'est pas concernée.",
    "es": "{name} no es objeto de la reclamación.",
    "it": "{name} non è oggetto del reclamo.",
    "nl": "{name} is niet betrokken.",
    "pl": "Sprawa nie dotyczy {name}.",
    "sv": "Ärendet gäller inte {name}.",
    "da": "Sagen vedrører ikke {name}.",
    "no": "Saken gjelder ikke {name}.",
    "pt": "{name} não é visada.",
}
_BOTH = {
    "en": "We have received a complaint against {name} and {other}.",
    "de": "uns liegt eine Beschwerde gegen {name} und {other} vor.",
    "fr": "Nous avons été saisis d'une plainte contre {name} et {other}.",
    "es": "Se ha recibido una reclamación contra {name} y {other}.",
}
_SCANNED = {"l": "1", "O": "0", "o": "0", "m": "rn", "I": "l", "i": "l", "B": "8", "e": "c", "u": "ii"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Labelled:
    """One letter and who is meant: a customer's id, or empty where a person must decide."""

    mail: InboundMail
    truth: str
    noise: str  # how the company is named
    clear: bool  # whether a reader of the register knows the customer at once


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """The customers, and the companies that are none."""

    customers: tuple[Customer, ...]
    others: tuple[Customer, ...]


def world() -> World:
    """Every other real organisation is a customer."""
    with _NAMES.open(encoding="utf-8", newline="") as file:
        rows = [_customer(number, row) for number, row in enumerate(csv.DictReader(file)) if row["domains"]]
    chance = random.Random(_SEED)
    chance.shuffle(rows)
    half = len(rows) // 2
    customers = tuple(rows[:half])
    known = {known for row in customers for known in _known_by(row)}
    # The collection holds some companies twice; a customer's other entry is no stranger.
    others = tuple(row for row in rows[half:] if known.isdisjoint(_known_by(row)))
    return World(customers=customers, others=others)


def _known_by(company: Customer) -> set[str]:
    """What two entries of one company have in common: a name without its form, or a web site."""
    names = {
        " ".join(words) for name in names_of(company) if name.tier >= Tier.ALIAS for words in (name.words,)
    }
    return names | {site.partition("/")[0].removeprefix("www.") for site in company.domains}


def _customer(number: int, row: dict[str, str]) -> Customer:
    aliases = [alias.strip() for alias in row["aliases"].split("|") if alias.strip() and "(" not in alias]
    return Customer(
        id=f"C{number:04}",
        name=row["legal_name"].strip(),
        aliases=tuple(aliases),
        domains=tuple(domain.strip() for domain in row["domains"].split("|") if domain.strip()),
        supplier_manager_name="Manager",
        supplier_manager_email=f"manager{number}@customers.example",
        country=row["country"],
    )


def letters(world: World, count: int, *, part: int) -> Iterator[Labelled]:
    """``count`` letters, the same for the same ``part``: thresholds are looked at on one part, reported on another."""
    chance = random.Random(_SEED + part)
    draw = _Draw(world, chance)
    for number in range(count):
        noise = _NOISES[number % len(_NOISES)]
        yield draw.letter(noise)


class _Draw:
    """Makes letters about companies drawn at random."""

    def __init__(self, world: World, chance: random.Random) -> None:
        self.world, self.chance = world, chance
        self._bearers = _bearers(world)

    def letter(self, noise: str) -> Labelled:
        language = self.chance.choice(list(_FRAMES))
        openings, middle, request, closing = _FRAMES[language]
        customer = self.chance.choice(self.world.customers)
        if noise == "two respondents":
            return self._two(customer)
        stranger = noise == "no customer"
        company = self.chance.choice(self.world.others) if stranger else customer
        name = self._named(company, noise)
        opening = self.chance.choice(openings).format(name=name)
        lines = [opening, middle]
        if noise == "another excluded":
            lines.append(_NOT_ABOUT[language].format(name=self._other(customer).name))
        lines += [request, f"{closing}\nA. Clerk"]
        if noise == "footer full of customers":
            lines.append("\n".join(other.name for other in self.chance.sample(self.world.customers, 5)))
        alone = self._is_alone(company, name)
        clear = not stranger and alone and not noise.startswith(("typing", "scanned"))
        truth = "" if stranger else company.id
        return Labelled(mail=mail_of("\n\n".join(lines)), truth=truth, noise=noise, clear=clear)

    def _two(self, customer: Customer) -> Labelled:
        language = self.chance.choice(list(_BOTH))
        _, middle, request, closing = _FRAMES[language]
        both = _BOTH[language].format(name=customer.name, other=self._other(customer).name)
        mail = mail_of("\n\n".join((both, middle, request, f"{closing}\nA. Clerk")))
        return Labelled(mail=mail, truth="", noise="two respondents", clear=False)

    def _other(self, customer: Customer) -> Customer:
        other = customer
        while set(self._words(other.name)) & set(self._words(customer.name)):
            other = self.chance.choice(self.world.customers)
        return other

    def _named(self, company: Customer, noise: str) -> str:
        name = company.name
        ways: dict[str, Callable[[], str]] = {
            "without legal form": lambda: " ".join(_core(company)) or name,
            "brand": lambda: self.chance.choice(company.aliases or (name,)),
            "web site": lambda: self.chance.choice(company.domains),
            "capitals": name.upper,
            "broken over a line": lambda: _broken(name),
            "typing error": lambda: self._mistyped(name, 1),
            "typing errors, 2": lambda: self._mistyped(name, 2),
            "typing errors, 3": lambda: self._mistyped(name, 3),
            "scanned": lambda: self._scanned(name),
        }
        return ways.get(noise, lambda: name)()

    def _mistyped(self, name: str, errors: int) -> str:
        for _ in range(errors):
            places = [at for at in range(1, len(name) - 1) if name[at].isalpha() and name[at + 1].isalpha()]
            if not places:
                return name
            at = self.chance.choice(places)
            kind = self.chance.randrange(3)
            if kind == 0:
                name = name[:at] + name[at + 1 :]
            elif kind == 1:
                name = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
            else:
                name = name[:at] + self.chance.choice("aeinrst") + name[at + 1 :]
        return name

    def _scanned(self, name: str) -> str:
        places = [at for at, letter in enumerate(name) if letter in _SCANNED]
        for at in sorted(self.chance.sample(places, min(2, len(places))), reverse=True):
            name = name[:at] + _SCANNED[name[at]] + name[at + 1 :]
        return name

    def _is_alone(self, company: Customer, name: str) -> bool:
        """Whether no other company of the world goes by what was written."""
        return self._bearers.get(" ".join(self._words(name)), {company.id}) == {company.id}

    @staticmethod
    def _words(name: str) -> Sequence[str]:
        return name.casefold().replace(",", " ").split()


def _bearers(world: World) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for company in (*world.customers, *world.others):
        spellings = {company.name, *company.aliases, *company.domains, " ".join(_core(company))}
        for spelling in spellings:
            found.setdefault(" ".join(_Draw._words(spelling)), set()).add(company.id)
    return found


def _core(company: Customer) -> tuple[str, ...]:
    """The words of the name as written, without a legal form at its end."""
    forms = {
        "gmbh",
        "ag",
        "ltd",
        "ltd.",
        "limited",
        "inc",
        "inc.",
        "plc",
        "sas",
        "s.a.",
        "sa",
        "b.v.",
        "bv",
        "ab",
        "kg",
        "se",
        "llc",
        "e.v.",
    }
    words = company.name.replace(",", " ").split()
    while len(words) > 1 and words[-1].casefold() in {*forms, "&", "co.", "co"}:
        words.pop()
    return tuple(words)


def _broken(name: str) -> str:
    longest = max(name.split(), key=len)
    if len(longest) < 8 or not longest.isalpha():
        return name.replace(" ", "\n", 1)
    half = len(longest) // 2
    return name.replace(longest, f"{longest[:half]}-\n{longest[half:].lower()}", 1)


def mail_of(text: str) -> InboundMail:
    """A mail of an authority that says just this."""
    return InboundMail(
        sha256="",
        sender=Address(name="Casework", email="casework@ico.org.uk"),
        subject="Data protection complaint",
        passages=(
            Passage(where="subject", text="Data protection complaint"),
            Passage(where="body", text=text),
        ),
    )


def names_in_register(world: World) -> int:
    """How many different names the customers go by."""
    return len({name.words for customer in world.customers for name in names_of(customer)})


_NOISES = (
    "full name",
    "without legal form",
    "brand",
    "web site",
    "capitals",
    "broken over a line",
    "another excluded",
    "footer full of customers",
    "typing error",
    "typing errors, 2",
    "typing errors, 3",
    "scanned",
    "no customer",
    "no customer",
    "two respondents",
)
