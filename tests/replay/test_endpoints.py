"""Which key goes to which endpoint."""

from __future__ import annotations

import pytest

from trainingloop.replay.endpoints import Endpoint, key_of
from trainingloop.replay.errors import EndpointError

KEY = "sk-invented-for-this-test"
OPENAI = "https://api.openai.com/v1"
VENDOR = "https://models.example/v1"


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment with keys, and with other secrets."""
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    for name in ("OPENAI_API_KEY", "VENDOR_API_KEY", "TRAININGLOOP_REDACTION_KEY"):
        monkeypatch.setenv(name, KEY)
    monkeypatch.setenv("VENDOR_BASE_URL", f"{VENDOR}/")


@pytest.mark.parametrize(
    ("variable", "url"),
    [
        ("OPENAI_API_KEY", OPENAI),
        ("OPENAI_API_KEY", "https://API.openai.com:443/v2"),
        ("VENDOR_API_KEY", VENDOR),
    ],
)
def test_a_key_goes_to_the_address_it_is_for(variable: str, url: str) -> None:
    """OpenAI's is known; the environment names the others, by the same first word."""
    assert key_of(Endpoint(base_url=url, key_variable=variable)) == KEY


@pytest.mark.parametrize(
    "url",
    [
        VENDOR,
        "http://api.openai.com/v1",
        "https://api.openai.com:8443/v1",
        "https://api.openai.com.evil.example/v1",
        "https://evilapi.openai.com/v1",
    ],
)
def test_a_key_goes_nowhere_else(url: str) -> None:
    """Whoever wrote a candidate, or may open the pages, could have it sent to themselves."""
    with pytest.raises(EndpointError, match="OPENAI_API_KEY is not sent to") as raised:
        key_of(Endpoint(base_url=url))

    assert "OPENAI_BASE_URL" in str(raised.value)
    assert KEY not in str(raised.value)


def test_a_key_for_a_gateway_does_not_go_to_openai(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable then names the gateway's."""
    monkeypatch.setenv("OPENAI_BASE_URL", "https://gateway.example/v1")

    assert key_of(Endpoint(base_url="https://gateway.example/v1")) == KEY
    with pytest.raises(EndpointError, match=r"is not sent to api\.openai\.com"):
        key_of(Endpoint(base_url=OPENAI))


@pytest.mark.parametrize("url", [VENDOR, "http://127.0.0.1:9/v1"])
def test_no_other_secret_is_sent(url: str) -> None:
    """Such as the one behind all tokens, which lies in the same environment."""
    with pytest.raises(EndpointError, match="ends in _API_KEY"):
        key_of(Endpoint(base_url=url, key_variable="TRAININGLOOP_REDACTION_KEY"))


def test_an_endpoint_of_this_machine_gets_no_key_that_is_not_its_own() -> None:
    """Anybody who has an account here can listen."""
    here = "http://127.0.0.1:9/v1"

    assert key_of(Endpoint(base_url=here)) == ""
    with pytest.raises(EndpointError, match="VENDOR_API_KEY is not sent to 127"):
        key_of(Endpoint(base_url=here, key_variable="VENDOR_API_KEY"))


def test_an_address_that_is_none_gets_no_key() -> None:
    """What is wrong with it is said where it is looked up."""
    assert key_of(Endpoint(base_url="ftp://models.example")) == ""
