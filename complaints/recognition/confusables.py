"""Letters that look like others, drawn together: what a reader sees of a word, not how it is encoded.

A choice from the Unicode consortium's confusables (UTS 39): the letters of other scripts and the digits
that pass for Latin ones in the fonts of mail programs. A whole table would fold honest Greek and Cyrillic
names into nonsense; these few hundred pairs are those that imitators use.
"""

import unicodedata

# Each line: a Latin letter, then what looks like it.
_PAIRS = """a а α ɑ ạ
b Ь ь ƅ в
c с ϲ ⅽ ᴄ
d ԁ ɗ ⅾ
e е ҽ ℮ ε є
g ɡ ց
h һ հ
i і ı ɩ ι í ӏ
j ј ϳ
k κ к
l ӏ ⅼ ǀ ∣ ļ
m м ⅿ
n ո п η ո
o о ο օ ӧ σ
p р ρ
q ԛ գ
r г ᴦ ɾ
s ѕ ꜱ ʂ
t т τ
u υ ս ʋ
v ѵ ν ⅴ
w ԝ ѡ ա ω
x х ⅹ χ
y у ү γ ყ
z ᴢ ʐ
A А Α
B В Β
C С Ϲ
D Ꭰ
E Е Ε
G Ԍ
H Н Η
I І Ι Ӏ
J Ј
K К Κ
L Ꮮ
M М Μ
N Ν
O О Ο
P Р Ρ
Q Ԛ
S Ѕ
T Т Τ
U Ս
V Ѵ
W Ԝ
X Х Χ
Y У Υ Ү
Z Ζ
"""
_LATIN = str.maketrans(
    {sign: line[0] for line in _PAIRS.splitlines() for sign in line[1:].split() if sign != line[0]}
)
# What passes for one another in a host name's small letters.
_DRAWN = str.maketrans(
    {"0": "o", "1": "l", "i": "l", "3": "e", "5": "s", "8": "b", "4": "a", "6": "b", "9": "g"}
)


def latin(text: str) -> str:
    """``text`` with what only looks Latin made Latin, marks taken off, its case kept."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).translate(_LATIN)


def skeleton(label: str) -> str:
    """The drawing of a host name's label: two labels with one drawing cannot be told apart at a glance."""
    drawn = latin(label).lower().translate(_DRAWN)
    return drawn.replace("rn", "m").replace("vv", "w").replace("cl", "d")


def scripts(text: str) -> frozenset[str]:
    """The scripts that the letters of ``text`` belong to: LATIN, CYRILLIC, GREEK ..."""
    return frozenset(unicodedata.name(c, "?").partition(" ")[0] for c in text if c.isalpha())
