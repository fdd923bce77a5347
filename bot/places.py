"""Regions and municipalities, with their names in all languages (`places.toml`)."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

_FILE: Final = Path(__file__).with_name("places.toml")


def _read() -> list[dict[str, Any]]:
    regions: list[dict[str, Any]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["region"]
    return regions


_READ: Final = _read()
REGIONS: Final[tuple[str, ...]] = tuple(region["id"] for region in _READ)
MUNICIPALITIES: Final[Mapping[str, tuple[str, ...]]] = {
    region["id"]: tuple(each["id"] for each in region.get("municipality", ())) for region in _READ
}
REGION_OF: Final[Mapping[str, str]] = {
    municipality: region for region, held in MUNICIPALITIES.items() for municipality in held
}
NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    place["id"]: place["name"] for region in _READ for place in (region, *region.get("municipality", ()))
}
