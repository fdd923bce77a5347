"""Habits of typing: what people make of a text in the letters of their language."""

import re
from collections.abc import Callable
from random import Random

Habit = Callable[[str], str]


def letters(pairs: str) -> Habit:
    """A habit from letters, each followed by what people type for it."""
    typed = {pair[0]: pair[1:] for pair in pairs.split()}
    return lambda text: "".join(typed.get(letter, letter) for letter in text)


def _armenian(pairs: str, u: str, ev: str, vo: str) -> Habit:
    typed = letters(pairs)

    def habit(text: str) -> str:
        text = re.sub("[՛՜՞]", "", text).lower().replace("ու", u).replace("և", ev)
        return typed(re.sub(r"\bո(?!վ)", vo, text))

    return habit


def _azerbaijani(pairs: str) -> Habit:
    typed = letters(pairs)
    return lambda text: typed(text.replace("İ", "i").replace("I", "ı").lower())


GEORGIAN: dict[str, Habit] = {
    "national": letters(
        "აa ბb გg დd ეe ვv ზz თt იi კk' ლl მm ნn ოo პp' ჟzh რr სs ტt' უu ფp ქk ღgh ყq' შsh ჩch "
        "ცts ძdz წts' ჭch' ხkh ჯj ჰh"
    ),
    "keyboard": letters(
        "აa ბb გg დd ეe ვv ზz თT იi კk ლl მm ნn ოo პp ჟJ რr სs ტt უu ფf ქq ღR ყy შS ჩC ცc ძZ წw ჭW ხx ჯj ჰh"
    ),
    "chat": letters(
        "აa ბb გg დd ეe ვv ზz თt იi კk ლl მm ნn ოo პp ჟzh რr სs ტt უu ფf ქq ღg ყy შsh ჩch ცc ძdz წw "
        "ჭch ხx ჯj ჰh"
    ),
    "ts kh k g": letters(
        "აa ბb გg დd ეe ვv ზz თt იi კk ლl მm ნn ოo პp ჟj რr სs ტt უu ფp ქk ღg ყk შsh ჩch ცts ძz წts "
        "ჭch ხkh ჯj ჰh"
    ),
    "c w x gh": letters(
        "აa ბb გg დd ეe ვv ზz თt იi კk ლl მm ნn ოo პp ჟj რr სs ტt უu ფf ქq ღgh ყk შs ჩc ცc ძdz წw ჭw ხx ჯj ჰh"
    ),
    "tz tch ph dj": letters(
        "აa ბb გg დd ეe ვv ზz თt იi კk ლl მm ნn ოo პp ჟzh რr სs ტt უu ფph ქk ღgh ყq შsh ჩch ცtz ძdz "
        "წtz ჭtch ხkh ჯdj ჰh"
    ),
}
MISSED_SHIFT = letters("თტ შს ჟჯ ძზ ჭწ ჩც")
GEORGIAN_SELDOM: dict[str, Habit] = {
    "capitals": str.upper,
    "missed shift": letters("თტ შს ჟჯ ძზ ჭწ ჩც ღრ"),
    "stuck shift": letters("ტთ სშ ჯჟ ზძ წჭ ცჩ რღ"),
    "h for ხ, z for ძ": letters(
        "აa ბb გg დd ეe ვv ზz თt იi კk ლl მm ნn ოo პp ჟj რr სs ტt უu ფf ქq ღgh ყkh შs ჩc ცc ძz წw ჭw ხh ჯj ჰh"
    ),
    "Russian letters": letters(
        "აа ბб გг დд ეе ვв ზз თт იи კк ლл მм ნн ოо პп ჟж რр სс ტт უу ფф ქк ღг ყк შш ჩч ცц ძдз წц ჭч ხх ჯдж ჰх"
    ),
}
ARMENIAN: dict[str, Habit] = {
    "x c q": _armenian(
        "աa բb գg դd եe զz էe ը@ թt ժzh իi լl խx ծc կk հh ձdz ղgh ճch մm յy նn շsh ոo չch պp "
        "ջj ռr սs վv տt րr ցc ւv փp քq օo ֆf",
        *("u", "ev", "vo"),
    ),
    "kh ts th": _armenian(
        "աa բb գg դd եe զz էe ըy թth ժzh իi լl խkh ծts կk հh ձdz ղgh ճtch մm յy նn շsh ոo չch "
        "պp ջj ռrr սs վv տt րr ցts ւv փph քk օo ֆf",
        *("u", "ev", "vo"),
    ),
}
ARMENIAN_SELDOM: dict[str, Habit] = {
    "e gh j": _armenian(
        "աa բb գg դd եye զz էe ըe թt ժzh իi լl խkh ծts կk հh ձdz ղgh ճj մm յy նn շsh ոo չch պp "
        "ջj ռr սs վv տt րr ցts ւv փp քk օo ֆf",
        *("u", "ev", "vo"),
    ),
    "Russian letters": _armenian(
        "աа բб գг դд եе զз էэ ըы թт ժж իи լл խх ծц կк հх ձдз ղг ճч մм յй նн շш ոо չч պп ջдж ռр "
        "սс վв տт րр ցц ւв փп քк օо ֆф",
        *("у", "ев", "во"),
    ),
}
AZERBAIJANI: dict[str, Habit] = {
    "plain": letters("əe ıi öo üu ğg şs çc"),
    "w for ş": letters("əe ıi öo üu ğgh şw çch"),
    "Cyrillic": _azerbaijani(
        "aа bб cҹ çч dд eе əә fф gҝ ğғ hһ xх ıы iи jж kк qг lл mм nн oо öө pп rр sс tт uу üү vв yј zз şш"
    ),
}
AZERBAIJANI_SELDOM: dict[str, Habit] = {
    "sh ch gh": letters("əe ıi öo üu ğgh şsh çch"),
    "Russian letters": _azerbaijani(
        "aа bб cдж çч dд eе əэ fф gг ğг hх xх ıы iи jж kк qг lл mм nн oо öо pп rр sс tт uу üу vв yй zз şш"
    ),
    "Georgian letters": _azerbaijani(
        "aა bბ cჯ çჩ dდ eე əე fფ gგ ğღ hჰ xხ ıი iი jჟ kქ qგ lლ mმ nნ oო öო pფ rრ sს tთ uუ üუ vვ yი zზ şშ"
    ),
}
RUSSIAN: dict[str, Habit] = {
    "Latin": letters(
        "аa бb вv гg дd еe ёe жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хh цc чch шsh щsch ыy эe "
        "юyu яya ь ъ"
    ),
    "Latin j x": letters(
        "аa бb вv гg дd еe ёyo жj зz иi йi кk лl мm нn оo пp рr сs тt уu фf хx цts чch шsh щsh ыi эe "
        "юu яia ь' ъ"
    ),
}


def _half_glued(text: str) -> str:
    chance = Random(1)
    first, *others = text.split()
    return first + "".join(chance.choice(("", " ")) + word for word in others)


def _mistyped(text: str) -> str:
    """Every other long word with a letter left out, doubled, swapped or wrong."""
    chance = Random(1)
    return " ".join(
        _mistyped_word(word, chance) if len(word) >= 4 and chance.random() < 0.5 else word
        for word in text.split()
    )


def _mistyped_word(word: str, chance: Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    return chance.choice(
        [
            before + after,
            before + letter * 2 + after,
            before + after[0] + letter + after[1:],
            before + chance.choice(word) + after,
        ]
    )


ANY: dict[str, Habit] = {
    "typos": _mistyped,
    "half glued": _half_glued,
    "no spaces": lambda text: "".join(text.split()),
    "letter by letter": lambda text: " ".join("".join(text.split())),
    "shouting": lambda text: text.upper() + "!!!!",
    "drawn out": lambda text: re.sub(r"([^\W\d_])(?=\W*$)", r"\1\1\1\1", text),
    "emoji": lambda text: "🙏🙏 " + " 😀 ".join(text.split()) + " ❗👀",
    "dots for spaces": lambda text: ".".join(text.split()),
    "bold letters": lambda text: "".join(
        chr(ord(letter) - ord("a") + 0x1D41A) if "a" <= letter <= "z" else letter for letter in text
    ),
}
STORIES = {
    "en": (
        "Hello dear friends, I am a teacher from a village and one thing has worried me for long. {} "
        "Thank you very much in advance, all the best"
    ),
    "ka": (
        "გამარჯობა, მე ვარ მასწავლებელი სოფლიდან და დიდი ხანია ვწუხვარ ერთ საკითხზე. {} "
        "წინასწარ დიდი მადლობა, კარგად ბრძანდებოდეთ"
    ),
    "az": "Salam, mən kənddə müəlliməm, çoxdandır bir məsələ məni narahat edir. {} Çox sağ olun, uğurlar",
    "hy": (
        "Բարև ձեզ, ես գյուղի ուսուցչուհի եմ, վաղուց մի հարց ինձ անհանգստացնում է։ {} "
        "Նախապես շատ շնորհակալ եմ, ամենայն բարիք"
    ),
    "ru": (
        "Здравствуйте, я учительница из села, давно меня беспокоит один вопрос. {} "
        "Заранее большое спасибо, всего доброго"
    ),
}
OWN = {
    "en": {},
    "ka": GEORGIAN | GEORGIAN_SELDOM,
    "az": AZERBAIJANI | AZERBAIJANI_SELDOM,
    "hy": ARMENIAN | ARMENIAN_SELDOM,
    "ru": RUSSIAN,
}
"""Habits that only some language has; whoever writes it has those of `ANY` too, and tells stories."""


def habits() -> dict[str, tuple[str, Habit]]:
    """All habits in all languages, by name, with the language."""
    return {
        f"{language}: {name}": (language, habit)
        for language, own in OWN.items()
        for name, habit in {**own, **ANY, "story": STORIES[language].format}.items()
    }
