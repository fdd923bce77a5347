"""Folding: the spellings that people use for the same words become one Latin skeleton.

Letters that somebody writes with the same Latin letter become the same: Georgian თ and ტ are both `t`,
ჩ ჭ ც წ all `c` (people type ch, ts, c, w …), შ and ს both `s`. So keyboard-shift Georgian (`S` for შ), a
missed shift on the Georgian keyboard, Azerbaijani without its signs and every habit of Latin Armenian need
hardly any rules of their own. What is lost, a few words that differ only in such letters, is less than what
is won.
"""

from __future__ import annotations

import re
import unicodedata

from knowledge_base.entry import UNDERSTOOD

_DROPPED = dict.fromkeys(map(ord, "'’ʼ`´ʻʹ‘‛′՚՛՜՞՟ьъЬЪ"))
"""Apostrophes and the Armenian marks that stand inside words: "k'argi" and "ինչպե՞ս" are one word each."""

_NUSKHURI = {0x2D00 + i: chr(0x10D0 + i) for i in range(0x26)}
"""The old Georgian alphabet, to which Unicode folds its capitals."""

_LETTERS = (
    # Georgian
    "აa ბb გg დd ეe ვv ზz თt იi კk ლl მm ნn ოo პp ჟzh რr სs ტt უu ფp ქk ღgh ყk შsh ჩch ცts ძdz "
    "წts ჭch ხkh ჯj ჰh "
    # Armenian
    "աa բb գg դd եe զz էe ը@ թt ժzh իi լl խkh ծts կk հh ձdz ղgh ճch մm յy նn շsh ոo չch պp ջj ռr "
    "սs վv տt րr ցts ւv փp քk օo ֆf "
    # Cyrillic, the Azerbaijani kind too
    "аa бb вv гg дd еe жzh зz иi кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ыi эe юyu "
    "яya әə ғg ҹc өo үu һh ҝg јy қg ҷc "
    "іi єe ґg "  # Ukrainian
    "ıi"
)
_TO_LATIN = str.maketrans({pair[0]: pair[1:] for pair in _LETTERS.split()})
_TO_LATIN |= {old: _TO_LATIN[ord(letter)] for old, letter in _NUSKHURI.items() if ord(letter) in _TO_LATIN}

# What single Latin letters stand for in each language.
_HABITS = {
    "ka": str.maketrans({"q": "k", "y": "k", "w": "c", "f": "p", "ə": "e"}),
    "az": str.maketrans({"q": "g", "w": "s", "ə": "e"}),
    # ը and յ are written in too many ways, or not at all, to be told apart: both go.
    "hy": str.maketrans({"@": "", "ə": "", "y": "", "q": "k", "w": "v"}),
    "en": str.maketrans({"ə": "e"}),
    "ru": str.maketrans({"ə": "e"}),
}
_SOUNDS = {
    "tch": "c", "ch": "c", "ts": "c", "tz": "c", "tc": "c", "sh": "s",
    "dzh": "j", "zh": "j", "dj": "j", "dz": "z", "kh": "x", "gh": "g", "th": "t", "ph": "p",
}  # fmt: skip
_SOUND = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_DOUBLED = re.compile(r"([^\W\d_])\1+")
_WORD = re.compile(r"[^\W_]+")
_INITIAL_VO = re.compile(r"\bvo")
_KEYBOARD_SHIFT = re.compile(r"[a-z][TWRSJZC]")
_SPELLED_OUT = re.compile(r"\b[^\W\d_](?: [^\W\d_]){3,}\b")
"""Letters one by one: "h e l p"."""

_LATIN, _CYRILLIC = "[a-zəıöüğşç]", "[а-яёіјһәғҹөүҝ]"
_TWO_ALPHABETS = re.compile(f"{_LATIN}{_CYRILLIC}|{_CYRILLIC}{_LATIN}")
_LATIN_LIKE_CYRILLIC, _CYRILLIC_LIKE_LATIN = "aceopxyijhə", "асеорхуіјһә"
_IN_LATIN = str.maketrans(_CYRILLIC_LIKE_LATIN, _LATIN_LIKE_CYRILLIC)
_IN_CYRILLIC = str.maketrans(_LATIN_LIKE_CYRILLIC, _CYRILLIC_LIKE_LATIN)

SCRIPTS = {
    "ka": re.compile("[\u10a0-\u10ff\u1c90-\u1cbf]"),
    "hy": re.compile("[\u0530-\u058f]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "en": re.compile("[A-Za-z\u00c0-\u024fə]"),
}
# Azerbaijani is also typed in Georgian and Russian letters, Armenian in Russian ones, everything in Latin.
READ_IN_SCRIPT = {"ka": ("ka", "az"), "hy": ("hy",), "ru": ("ru", "az", "hy"), "en": UNDERSTOOD}
_SELDOM_IN_SCRIPT = {"ru": ("ka",)}
"""So seldom that a phrasing in these letters is rather in the wrong place, but read all the same."""


def plain(text: str) -> str:
    """The text in the plainest form of its letters, without apostrophes."""
    return unicodedata.normalize("NFKC", text.translate(_DROPPED))


def fold(text: str, language: str) -> str:
    """The skeleton of a text read as one of the understood languages: words joined by single spaces."""
    # Joined before letters become others: two Armenian ones are one sound only side by side.
    text = _SPELLED_OUT.sub(_without_spaces, plain(text))
    if language == "ka" and _KEYBOARD_SHIFT.search(text):
        text = text.replace(
            "R", "ღ"
        )  # the only capital of that layout whose small letter sounds quite different
    text = text.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("й", "y")
        if _TWO_ALPHABETS.search(text):
            text = _WORD.sub(_in_one_alphabet, text)
        text = _without_marks(text).replace("ու", "u").translate(_TO_LATIN)
    text = " ".join(_WORD.findall(text.translate(_HABITS[language])))
    while (shorter := _collapse(text, language)) != text:
        text = shorter
    return text


def readings(text: str) -> tuple[str, ...]:
    """The languages that the text may be written in, as far as its letters tell."""
    found = [
        language
        for script, languages in READ_IN_SCRIPT.items()
        if SCRIPTS[script].search(text)
        for language in (*languages, *_SELDOM_IN_SCRIPT.get(script, ()))
    ]
    return tuple(language for language in UNDERSTOOD if language in found) or UNDERSTOOD


def _without_marks(text: str) -> str:
    return unicodedata.normalize("NFKD", text).translate(_MARKS)


class _Marks(dict[int, int | None]):
    """Which characters are signs on others, or cannot be seen; each is looked up once."""

    def __missing__(self, code: int) -> int | None:
        self[code] = kept = None if unicodedata.category(chr(code)) in {"Mn", "Me", "Cf"} else code
        return kept


_MARKS = _Marks()


def _in_one_alphabet(word: re.Match[str]) -> str:
    """A word in the alphabet of its letters that only one has: people switch keyboards within words."""
    if not _TWO_ALPHABETS.search(word[0]):
        return word[0]
    latin, cyrillic = word[0].translate(_IN_LATIN), word[0].translate(_IN_CYRILLIC)
    if not re.search(_CYRILLIC, latin):
        return latin
    return word[0] if re.search(_LATIN, cyrillic) else cyrillic


def _without_spaces(match: re.Match[str]) -> str:
    return match[0].replace(" ", "")


def _collapse(text: str, language: str) -> str:
    """One step towards the skeleton; what a step brings together may be a sound or a double letter again."""
    text = _SPELLED_OUT.sub(_without_spaces, text)
    text = _SOUND.sub(lambda match: _SOUNDS[match[0]], text)
    if language == "ka":
        text = text.replace("h", "x")
    elif language == "hy":
        text = _INITIAL_VO.sub("o", text)
    elif language == "az":
        text = text.replace("j", "c")  # Georgian and Russian letters for c
    return _DOUBLED.sub(r"\1", text)
