"""A small knowledge base of four entries, for tests that need one of their own."""

from pathlib import Path

from knowledge_base import Entry, Text, render

ASKED = {
    "register-ngo": {
        "en": ("how do i register an organisation", "open an ngo", "found an association with friends"),
        "ka": ("როგორ დავარეგისტრირო ორგანიზაცია", "არასამთავრობო მინდა გავხსნა", "ასოციაციის დაფუძნება"),
        "az": ("təşkilatı necə qeydiyyatdan keçirim", "QHT açmaq istəyirəm", "birlik təsis etmək"),
        "hy": ("ինչպե՞ս գրանցել կազմակերպություն", "ուզում եմ ՀԿ բացել", "միություն հիմնել"),
        "ru": ("как зарегистрировать организацию", "хочу открыть нко"),
    },
    "grant-tax": {
        "en": ("is a grant taxed", "do we pay income tax on grant money"),
        "ka": ("გრანტი იბეგრება?", "გრანტის თანხაზე საშემოსავლო გადასახადი"),
        "az": ("qrant vergiyə cəlb olunurmu", "qrant puluna vergi ödəyirik?"),
        "hy": ("դրամաշնորհը հարկվո՞ւմ է", "դրամաշնորհի գումարից հարկ վճարե՞նք"),
    },
    "petition": {
        "en": ("how do we file a petition", "collect signatures for the sakrebulo"),
        "ka": ("პეტიცია როგორ შევიტანოთ", "ხელმოწერების შეგროვება საკრებულოსთვის"),
        "az": ("petisiyanı necə verək", "sakrebulo üçün imza toplamaq"),
        "hy": ("ինչպե՞ս ներկայացնել հանրագիր", "ստորագրություններ հավաքել սակրեբուլոյի համար"),
    },
    "emergency": {
        "en": ("which number do i call in an emergency", "there is a fire"),
        "ka": ("რომელ ნომერზე დავრეკო გასაჭირში", "ხანძარია"),
        "az": ("təcili halda hansı nömrəyə zəng edim", "yanğın var"),
        "hy": ("ո՞ր համարով զանգեմ արտակարգ դեպքում", "հրդեհ է"),
    },
}

NEGATIVES = {
    "en": "smalltalk:greeting\thello\nfar\twhat is the weather tomorrow\nnear\thow do i get a divorce\n",
    "ka": "smalltalk:greeting\tგამარჯობა\nsmalltalk:thanks\tგმადლობთ\nsmalltalk:thanks\t🙏\n",
    "az": "smalltalk:greeting\tsalam\nsmalltalk:insult\taxmaq bot\nnear\tboşanmaq istəyirəm\n",
}

URGENT = """
[[rule]]
entry = "emergency"
ka = ["ცეცხლი უკიდ", "ხანძარი სახლ"]
az = ["ev yanır"]
en = ["house fire"]
unless = ["fire safety"]

[[rule]]
entry = "no-such-entry"
en = ["earthquake"]
"""


def entries() -> list[Entry]:
    return [
        Entry(
            id_,
            "all",
            texts={language: Text.of(phrasings=phrasings) for language, phrasings in texts.items()},
        )
        for id_, texts in ASKED.items()
    ]


def folder(root: Path) -> Path:
    """Write the knowledge base below `root`; the folder of entries."""
    documents = root / "entries" / "all"
    documents.mkdir(parents=True)
    for entry in entries():
        (documents / f"{entry.id}.md").write_text(render(entry), encoding="utf-8")
    (root / "negatives").mkdir()
    for language, lines in NEGATIVES.items():
        (root / "negatives" / f"{language}.tsv").write_text(lines, encoding="utf-8")
    (root / "urgent.toml").write_text(URGENT, encoding="utf-8")
    return root / "entries"
