"""Legal forms: how they are written, and a company's name without them."""

# Forms written in several words or with variants come down to one token each, so that "Limited"
# and "Ltd." name the same legal person. Token sequences, longest first where they overlap.
SPELLINGS: dict[tuple[str, ...], str] = {
    ("public", "limited", "company"): "plc",
    ("designated", "activity", "company"): "dac",
    ("unlimited", "company"): "uc",
    ("limited", "liability", "company"): "llc",
    ("societe", "anonyme"): "sa",
    ("sociedad", "limitada"): "sl",
    ("sociedad", "anonima"): "sa",
    ("sa", "rl"): "sarl",
    ("s", "arl"): "sarl",
    ("sp", "zoo"): "spzoo",
    ("sp", "z", "oo"): "spzoo",
    ("limited",): "ltd",
    ("aktiengesellschaft",): "ag",
    ("incorporated",): "inc",
    ("corporation",): "corp",
    ("aktiebolag",): "ab",
    ("aktieselskab",): "as",
    ("gesmbh",): "gmbh",
    ("sasu",): "sas",
}

# What may follow a form without making it another legal person: "AB (publ)", "UG (haftungsbeschränkt)".
APPENDAGES = frozenset({"publ", "haftungsbeschrankt", "haftungsbeschraenkt"})

LEGAL_FORMS = frozenset(
    {
        *("ltd", "plc", "llp", "llc", "lp", "inc", "corp", "co", "dac", "uc", "clg", "cic"),
        *(
            "gmbh",
            "ggmbh",
            "mbh",
            "ag",
            "kg",
            "kgaa",
            "ohg",
            "ug",
            "eg",
            "ev",
            "ek",
            "gbr",
            "se",
            "vvag",
            "partg",
        ),
        *("sa", "sas", "sarl", "eurl", "snc", "sca", "scs", "scop"),
        *("sl", "slu", "sau", "slne", "srl", "spa", "srls", "sapa", "lda"),
        *("bv", "nv", "vof", "cv", "bvba", "bvbv", "cvba"),
        *("ab", "as", "asa", "aps", "oy", "oyj", "hb", "ivs"),
        *(
            "spzoo",
            "sro",
            "vos",
            "zrt",
            "nyrt",
            "kft",
            "bt",
            "doo",
            "dd",
            "ood",
            "eood",
            "ad",
            "uab",
            "sia",
            "ou",
        ),
        *("oue", "pty", "pte", "kk", "gk", "ulc", "enc"),
    }
)

# Forms that are unmistakable in running text; the others are ordinary words somewhere.
UNMISTAKABLE_FORMS = frozenset(
    {
        *(
            "ltd",
            "plc",
            "llp",
            "llc",
            "inc",
            "gmbh",
            "ggmbh",
            "mbh",
            "kgaa",
            "ohg",
            "sarl",
            "eurl",
            "slu",
            "sau",
        ),
        *(
            "srl",
            "srls",
            "bv",
            "nv",
            "bvba",
            "aps",
            "oyj",
            "asa",
            "spzoo",
            "sro",
            "kft",
            "zrt",
            "doo",
            "uab",
            "dac",
        ),
    }
)

# Unmistakable only when written in capitals, as these forms are.
CAPITAL_FORMS = frozenset({"ag", "sa", "sas", "sl", "se", "kg", "ab", "as", "spa", "oy", "ug", "eg", "ev"})

# Forms (and an article) that stand in front of the name in some countries.
LEADING_FORMS = frozenset({"uab", "sia", "ab", "oy", "as", "the"})

FIRST_WORDS = frozenset(words[0] for words in SPELLINGS)
_LONGEST = max(len(words) for words in SPELLINGS)


def spelling_at(words: list[str], at: int) -> tuple[str, int] | None:
    """The one-token form of a legal form that starts here, and how many tokens it takes."""
    for length in range(min(_LONGEST, len(words) - at), 0, -1):
        form = SPELLINGS.get(tuple(words[at : at + length]))
        if form is not None:
            return form, length
    return None


def split_form(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The name without its legal form, and the form; a name that is nothing but form stays whole."""
    end = len(words)
    while end > 1 and (
        words[end - 1] in LEGAL_FORMS or (words[end - 1] == "&" and words[end - 2] in LEGAL_FORMS)
    ):
        end -= 1
    if end > 1 and words[end - 1] == "&":
        end -= 1
    start = 1 if end > 1 and words[0] in LEADING_FORMS else 0
    return words[start:end], words[end:]
