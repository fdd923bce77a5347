"""The languages people choose from; Russian is understood, but answered in the person's own."""

from typing import Final

LANGUAGES: Final = ("ka", "az", "hy", "en")
# A text that is missing in the person's language is shown in the first of these that has it.
FALLBACKS: Final = {
    "ka": ("en", "az", "hy"),
    "az": ("ka", "en", "hy"),
    "hy": ("ka", "en", "az"),
    "en": ("ka", "az", "hy"),
}
DEFAULT: Final = "ka"
