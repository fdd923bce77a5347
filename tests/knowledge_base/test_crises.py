"""Crises are heard in every language; what is calm is not."""

import pytest

from knowledge_base import (
    UNDERSTOOD,
    Answered,
    Folder,
    Library,
    Models,
    Negative,
    SearchSettings,
    SmallTalk,
    Stock,
    Unanswered,
    UrgentRule,
)
from knowledge_base.stock import SMALL_TALK, Crisis
from tests.knowledge_base import examples

CRISES = {
    "en": {
        "emergency": [
            "our house is on fire, please help",
            "I don't want to live anymore",
            "there was a car accident and a man is bleeding",
            "my mother fainted and does not wake up",
            "my little son is lost, we cannot find him anywhere",
        ],
        "domestic-violence": [
            "my husband beats me",
            "he hit me again last night and I am afraid to go home",
            "my father locks me in and took my phone",
            "they want to marry my sister off by force, she is fifteen",
            "my ex threatens to kill me",
        ],
        "detained": [
            "the police took my brother an hour ago",
            "they arrested my son at the protest",
            "I am at the police station and they do not let me call a lawyer",
        ],
    },
    "ka": {
        "emergency": [
            "სახლი გვეწვის, მიშველეთ",
            "სიცოცხლე აღარ მინდა",
            "ავარია მოხდა და კაცი სისხლისგან იცლება",
            "დედაჩემი წაიქცა და გონზე არ მოდის",
            "bavshvi daikarga, versad vpoulobt",
        ],
        "domestic-violence": [
            "ქმარი მცემს",
            "გუშინ ისევ დამარტყა და სახლში მისვლის მეშინია",
            "მამაჩემი ოთახში მკეტავს და ტელეფონი წამართვა",
            "ჩემს დას ძალით ათხოვებენ, თხუთმეტი წლისაა",
            "yofili qmari moklvit memuqreba",
        ],
        "detained": [
            "ჩემი ძმა პოლიციამ წაიყვანა",
            "შვილი აქციაზე დამიკავეს",
            "policiis ganyofilebashi var da advokatTan darekvis uflebas ar mazleven",
        ],
    },
    "az": {
        "emergency": [
            "evimiz yanır, kömək edin",
            "daha yaşamaq istəmirəm",
            "qəza oldu, bir kişi qan itirir",
            "anam yıxıldı, özünə gəlmir",
            "balaca oglum itib, hec yerde tapa bilmirik",
        ],
        "domestic-violence": [
            "ərim məni döyür",
            "dünən yenə məni vurdu, evə getməyə qorxuram",
            "atam məni otağa bağlayıb, telefonumu da alıb",
            "bacımı zorla ərə verirlər, on beş yaşı var",
            "kecmis erim meni oldurmekle hedeleyir",
        ],
        "detained": [
            "polis qardaşımı apardı",
            "oğlumu mitinqdə tutdular",
            "polis bolmesindeyem, vekile zeng etmeye icaze vermirler",
        ],
    },
    "hy": {
        "emergency": [
            "մեր տունը վառվում է, օգնեք",
            "էլ չեմ ուզում ապրել",
            "վթար է եղել, մարդ արյունահոսում է",
            "մայրս ընկավ ու ուշքի չի գալիս",
            "poqrik txas korel e, voch mi tex chenq gtnum",
        ],
        "domestic-violence": [
            "ամուսինս ինձ ծեծում է",
            "երեկ նորից խփեց ինձ, վախենում եմ տուն գնալ",
            "հայրս ինձ փակում է սենյակում ու հեռախոսս վերցրել է",
            "քրոջս զոռով ամուսնացնում են, տասնհինգ տարեկան է",
            "naxkin amusins spanum e inz spanalov",
        ],
        "detained": [
            "ոստիկանները եղբորս տարան",
            "տղայիս ցույցի ժամանակ ձերբակալեցին",
            "vostikanutyunum em, chen toghnum pastabanin zangem",
        ],
    },
    "ru": {
        "emergency": [
            "у нас горит дом, помогите",
            "я больше не хочу жить",
            "произошла авария, человек истекает кровью",
            "мама упала и не приходит в себя",
            "маленький сын потерялся, нигде не можем найти",
        ],
        "domestic-violence": [
            "муж меня бьёт",
            "вчера он опять меня ударил, боюсь идти домой",
            "отец запирает меня в комнате и забрал телефон",
            "сестру насильно выдают замуж, ей пятнадцать",
            "бывший муж угрожает меня убить",
        ],
        "detained": [
            "полиция забрала моего брата",
            "сына задержали на митинге",
            "я в отделении полиции, не дают позвонить адвокату",
        ],
    },
}
CALM = {
    "en": [
        "how do I register an organisation",
        "who may sign the bank papers",
        "we want to hold a training about domestic violence",
        "where can I get a police clearance certificate",
        "how many hands does a village meeting need",
        "thank you, everything is fine",
        "yes",
        "me too",
    ],
    "ka": [
        "როგორ დავარეგისტრირო ორგანიზაცია",
        "ოჯახში ძალადობის თემაზე ტრენინგი გვინდა ჩავატაროთ",
        "ნასამართლობის ცნობა სად ავიღო",
        "granti ibegreba?",
        "ბავშვების ბანაკისთვის გრანტი გვინდა",
        "გმადლობთ, ყველაფერი კარგადაა",
        "კი",
        "და მე?",
    ],
    "az": [
        "təşkilatı necə qeydiyyatdan keçirim",
        "məişət zorakılığı barədə təlim keçirmək istəyirik",
        "məhkumluq haqqında arayışı haradan alım",
        "qrant vergiye celb olunurmu",
        "uşaq düşərgəsi üçün qrant axtarırıq",
        "sağ olun, hər şey yaxşıdır",
        "hə",
        "mən də",
    ],
    "hy": [
        "ինչպե՞ս գրանցել կազմակերպություն",
        "ուզում ենք ընտանեկան բռնության մասին դասընթաց անցկացնել",
        "դատվածություն չունենալու տեղեկանքը որտեղի՞ց վերցնեմ",
        "dramashnorhy harkvum e?",
        "երեխաների ճամբարի համար դրամաշնորհ ենք փնտրում",
        "շնորհակալություն, ամեն ինչ լավ է",
        "այո",
        "ես էլ",
    ],
    "ru": [
        "как зарегистрировать организацию",
        "хотим провести тренинг о домашнем насилии",
        "где взять справку о несудимости",
        "облагается ли грант налогом",
        "ищем грант на детский лагерь",
        "спасибо, всё хорошо",
        "нет",
        "а мне",
    ],
}
RULE = UrgentRule(
    "emergency",
    {
        "en": ("house fire",),
        "ka": ("სახლ იწვის",),
        "az": ("ev yanır",),
        "hy": ("տուն վառվ",),
        "ru": ("дом горит",),
    },
)
CRIES = {
    "en": "fire in the house",
    "ka": "saxli iwvis!",
    "az": "EVIMIZ YANIR",
    "hy": "tuny varvum e",
    "ru": "дом ГОРИТ",
}


@pytest.fixture(scope="module")
def unlearned(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A library of rules alone: there is no model yet."""
    models = Models(tmp_path_factory.mktemp("empty"))
    stock = Stock(
        urgent=(RULE,),
        crises=(
            Crisis("petition", "fire!", "en"),
            Crisis(None, "the fire of hope", "en"),
            Crisis("no-such-entry", "flood!", "en"),
        ),
        negatives=(Negative("chat", "fire", "en"), Negative("chat", "the flood", "en")),
    )
    return Library(examples.entries(), stock, SearchSettings(), models)


@pytest.mark.parametrize("language", UNDERSTOOD)
def test_rules_alarm_before_there_is_a_model(unlearned: Library, language: str) -> None:
    outcome = unlearned.search(CRIES[language])
    assert isinstance(outcome, Answered)
    assert outcome.entry == outcome.reading.urgent == "emergency"
    assert outcome.reading.ranked[0].entry == "emergency"


def test_a_cry_that_is_known_word_for_word_is_heard_and_is_no_small_talk(unlearned: Library) -> None:
    outcome = unlearned.search("FIRE")
    assert isinstance(outcome, Answered)
    assert outcome.reading.urgent == "petition"


@pytest.mark.parametrize("text", ["the fire of hope", "flood", "fires"])
def test_what_only_looks_like_a_cry_or_has_no_entry_is_not(unlearned: Library, text: str) -> None:
    assert unlearned.search(text).reading.urgent is None


def test_a_crisis_without_letters_in_common_with_any_entry_is_answered_with_the_numbers() -> None:
    rule = UrgentRule("emergency", {"en": ("zzz qqq",)})
    library = Library(examples.entries(), Stock(urgent=(rule,)), SearchSettings(), Models())
    assert isinstance(library.search("zzz"), Unanswered)
    outcome = library.search("qqq zzz")
    assert isinstance(outcome, Answered)
    assert outcome.entry == "emergency"


@pytest.mark.parametrize("language", UNDERSTOOD)
def test_ordinary_words_of_crisis_bring_up_the_right_entry(library: Library, language: str) -> None:
    heard = {
        text: (library.search(text).reading, entry)
        for entry, texts in CRISES[language].items()
        for text in texts
    }
    unheard = [text for text, (reading, _) in heard.items() if not reading.urgent]
    mistaken = [text for text, (reading, entry) in heard.items() if reading.urgent != entry]
    hidden = [
        text
        for text, (reading, _) in heard.items()
        if reading.urgent not in [match.entry for match in reading.ranked]
        or reading.score < SearchSettings().suggest_at
    ]
    assert not unheard
    assert len(mistaken) <= 1, mistaken
    assert not hidden


@pytest.mark.parametrize("language", UNDERSTOOD)
def test_calm_words_do_not_alarm(library: Library, language: str) -> None:
    assert [text for text in CALM[language] if library.search(text).reading.urgent] == []


def test_small_talk_does_not_alarm(shipped: Folder, library: Library) -> None:
    talk = [one.text for one in shipped.stock.negatives if one.kind in SMALL_TALK]
    outcomes = [library.search(text) for text in talk]
    alarms = [
        text for text, outcome in zip(talk, outcomes, strict=True) if outcome.reading.urgent is not None
    ]
    assert len(alarms) <= len(talk) * 0.01, alarms
    assert not any(isinstance(outcome, SmallTalk) and outcome.reading.urgent for outcome in outcomes)


@pytest.mark.parametrize(
    "reply",
    ["no", "ok", "me", "not now", "go on", "нет", "не", "он", "и", "ის", "მე", "yox", "nə", "իմ", "են"],
)
def test_a_short_reply_is_not_judged_by_the_model(library: Library, reply: str) -> None:
    assert library.search(reply).reading.urgent is None
