import pytest

from knowledge_base import Folder, Library, SearchSettings


@pytest.fixture(scope="session")
def shipped() -> Folder:
    """The knowledge base that ships with the hotline."""
    return Folder.read()


@pytest.fixture(scope="session")
def library(shipped: Folder) -> Library:
    return Library.build(shipped.entries.values(), shipped.stock, SearchSettings())
