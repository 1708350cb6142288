"""Countries as letters write them."""

import re

_NAMES = {
    "GB": "uk|united kingdom|great britain|britain|british|gb|vereinigtes königreich|vereinigten königreich|"
    "britische|britischen|royaume-uni|britannique|reino unido|regno unito|storbritannien|storbritannia",
    "IE": "ireland|irish|irland|irische|irischen|irlande|irlandais|irlandaise|irlanda|irlandesa|irlandese|ierland|ierse",
    "DE": "germany|german|deutschland|deutsche|deutschen|allemagne|allemand|allemande|alemania|alemana|germania|"
    "tedesca|duitsland|duitse|tyskland|tyska|tyske|niemcy|niemczech|saksa",
    "AT": "austria|austrian|österreich|österreichische|österreichischen|autriche|autrichienne|oostenrijk|østrig|"
    "österrike",
    "CH": "switzerland|swiss|schweiz|schweizer|schweizerische|suisse|suiza|svizzera|zwitserland",
    "FR": "france|french|frankreich|französische|französischen|français|française|francia|francesa|francese|"
    "frankrijk|franse|frankrike|frankrig|francja|francji",
    "ES": "spain|spanish|spanien|spanische|spanischen|espagne|espagnol|espagnole|españa|española|español|spagna|"
    "spagnola|spanje|spaanse",
    "IT": "italy|italian|italien|italienische|italie|italienne|italia|italiana|italiano|italië|italiaanse|italienska",
    "NL": "netherlands|the netherlands|dutch|niederlande|niederländische|pays-bas|néerlandais|néerlandaise|"
    "países bajos|paesi bassi|nederland|nederlandse|nederländerna|holland",
    "BE": "belgium|belgian|belgien|belgische|belgique|belge|bélgica|belgio|belgië",
    "LU": "luxembourg|luxemburg|luxembourgeoise|lussemburgo",
    "SE": "sweden|swedish|schweden|schwedische|suède|suédoise|suecia|svezia|zweden|zweedse|sverige|svenska|szwecja",
    "NO": "norway|norwegian|norwegen|norwegische|norvège|noruega|norvegia|noorwegen|norge|norske|norska",
    "DK": "denmark|danish|dänemark|dänische|danemark|danoise|dinamarca|danimarca|denemarken|deense|danmark|danske|dania",
    "FI": "finland|finnish|finnland|finnische|finlande|finlandia|suomi|suomessa|suomen|finska",
    "PL": "poland|polish|polen|polnische|pologne|polonaise|polonia|polska|polsce|polski|polskiej",
    "CZ": "czechia|czech republic|czech|tschechien|česko|české|tchéquie|tjeckien",
    "PT": "portugal|portuguese|portugiesische|portugaise|portuguesa",
    "LT": "lithuania|lithuanian|litauen|lituanie|lietuva",
    "EE": "estonia|estonian|estland|eesti",
    "LV": "latvia|lettland|latvija",
    "HU": "hungary|hungarian|ungarn|hongrie|magyarország",
    "US": "usa|united states|us|american|america",
    "AU": "australia|australian",
    "SG": "singapore",
    "HK": "hong kong",
    "IL": "israel",
}
_CODES = {name: code for code, names in _NAMES.items() for name in names.split("|")}
_ANY = "|".join(re.escape(name) for name in sorted(_CODES, key=len, reverse=True))
_AFTER = re.compile(
    rf"[\s,(–-]{{0,3}}(?:(?:in|i|en|im|au|aux|op|te|w|na|em|of|for|for the|de|the)\s+)?(?:the\s+|la\s+|die\s+|den\s+)?"
    rf"({_ANY})(?!\w)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?<!\w)({_ANY})(?:\s+(?:company|firm|arm|branch|site|gesellschaft|firma|société))?\s+$", re.IGNORECASE
)


def place_beside(before: str, after: str) -> str:
    """The country (ISO 3166 alpha-2) written directly beside a name, or empty."""
    found = _AFTER.match(after) or _BEFORE.search(before)
    if not found or (len(found.group(1)) <= 3 and not found.group(1).isupper()):
        return ""  # "us" is a pronoun, "US" a country
    return _CODES[found.group(1).lower()]


def country_called(word: str) -> str:
    """The country that one word names, or empty."""
    return _CODES.get(word.lower(), "")
