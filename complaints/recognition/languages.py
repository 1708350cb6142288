"""The language of a letter, by its small words."""

import re
from collections import Counter

_BOUND = 1_800  # characters are plenty for a letter's language
_WORD = re.compile(r"[^\W\d_]{1,16}")

# Words that several languages share are left in each of them and so decide nothing.
_SMALL = {
    "en": "the of and to in is that for you have your with from this by be was are it we not please our been has or dear complaint which us would about who data her his",
    "de": "der die das und ist nicht sie wir ihnen ihre ihr mit von zu den dem des ein eine einer für auf im bitte bis werden wurde dass bei sich oder frist über geehrte damen herren beschwerde",
    "fr": "le la les des et est une un que vous nous votre vos dans du pour par sur ne pas au avec qui cette ce sa son madame monsieur je plainte été délai",
    "es": "el la los las de del y que en un una por con para se su no es al lo como sus esta plazo ha reclamación señores días usted ustedes contra",
    "it": "il lo la gli le di del della e che in un una per con si non è al alla dei delle nei da entro reclamo questa dalla confronti nel sono",
    "nl": "de het een en van in is dat op te voor met niet zijn u uw wij ons aan graag door bij naar heeft deze klacht binnen namens geachte tegen hun",
    "pl": "i w na z do nie się że jest o od dla przez po za oraz państwa skarga prosimy proszę terminie dnia sprawie szanowni przeciwko dotyczy osoby danych",
    "sv": "och att det som en på är av för med den till inte om ett vi er har från ni kan svar senast inom ärende hej klagomål ska mot fick eller",
    "da": "og at det som en på er af for med den til ikke om et vi har fra der de kan svar senest inden sag hej klage skal mod blev jeres eller bedes",
    "no": "og at det som en på er av for med den til ikke om et vi har fra der de kan svar senest innen sak hei klage skal mot ble deres eller bes",
    "pt": "o a os as de do da e que em um uma por com para se não é ao no na dos das prazo seu sua queixa foi pelo pela exmos dias contra",
    "fi": "ja on ei että se hän oli ovat sekä tai kun jos teidän teitä viimeistään valitus asia koskee pyydämme rekisterinpitäjä",
    "cs": "a v na se že je pro jsou jsme jsem nebo ve ze ke byl byla bylo podle ode který která stížnost žádáme lhůtě dnů správce údajů vaše vás úřad",
    "sk": "a v na sa že je pre sú sme som alebo vo zo ku bol bola bolo podľa odo ktorý ktorá sťažnosť žiadame lehote dní prevádzkovateľ údajov vaše vás úrad",
    "hu": "a az és hogy nem egy is van meg ez azt kérjük panasz napon belül önök által vagy szerint adatkezelő érintett hatóság tisztelt",
    "ro": "și în la cu de pe nu este care sunt din pentru prin sau ați vă plângere termen zile date operator autoritatea dumneavoastră să această",
    "hr": "i u na je da se za od su s koji koja ili te što bi prigovor roku dana molimo voditelj obrade podataka vas vaše agencija",
    "sl": "in v na je da se za od so s ki ali ter kot bi pritožba roku dni prosimo upravljavec podatkov vas vaše pooblaščenec",
    "et": "ja on ei et see kes mis või kui teie palume kaebus päeva jooksul vastutav töötleja andmete inspektsioon hiljemalt",
    "lv": "un ir ka no par ar uz vai kas jūsu lūdzam sūdzība dienu laikā pārzinis datu inspekcija līdz saņemšanas",
    "lt": "ir yra kad iš dėl su į ar kuris jūsų prašome skundas dienų per duomenų valdytojas inspekcija iki gavimo",
    "ca": "el la els les dels i en un una per amb que és no al seu seva termini reclamació dies vostè protecció dades aquesta hem",
    "is": "og að er í á um sem ekki við til af frá kvörtun svar innan daga persónuvernd ábyrgðaraðili yðar",
    "el": "και το της του να η με για από που στο την των ότι σας είναι καταγγελία εντός ημερών",
    "bg": "и на да от за се в по не са ви жалба срок дни администратор лични данни до",
    "cy": "yn yr y a i o ar am gan wedi mae bod ei eich chi ni cwyn ateb erbyn ddata diogelu wrth gyda neu fod sydd hynny",
    "uk": "і та на що до у з не за про ви скарга протягом днів даних",
}
_SETS: dict[str, list[str]] = {}
for _language, _words in _SMALL.items():
    for _one in _words.split():
        _SETS.setdefault(_one, []).append(_language)


def language_of(text: str) -> str:
    """The two-letter code of the language ``text`` is written in, or empty when too little speaks for one."""
    votes: Counter[str] = Counter()
    for word in _WORD.findall(text[:_BOUND].lower()):
        languages = _SETS.get(word, ())
        for language in languages:
            votes[language] += 12 // len(languages)
    best = votes.most_common(1)
    return best[0][0] if best and best[0][1] >= 24 else ""
