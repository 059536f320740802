"""Which web pages the dashboard listens to."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from trainingloop.analytics_app._streamlit_app import dashboard_app

HERE = "127.0.0.1:8501"
_STREAM = "/_stcore/stream"


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody on the internet is asked for this machine's address."""

    def fail() -> str:
        raise AssertionError("asked the internet")

    monkeypatch.setattr("streamlit.net_util.get_external_ip", fail)


@pytest.fixture(scope="module")
def client() -> TestClient:
    """A browser, as far as headers go."""
    return TestClient(dashboard_app("127.0.0.1"), base_url=f"http://{HERE}")


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://127.0.0.1:3000",
        "http://localhost:8501",
        "null",
        "http://[",
        f"http://{HERE}.evil.example",
    ],
)
def test_a_page_of_another_origin_is_refused(client: TestClient, origin: str) -> None:
    """It could press buttons that spend money; another port is another user's, perhaps."""
    answer = client.get("/_stcore/health", headers={"origin": origin})

    assert answer.status_code == 403
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(_STREAM, headers={"origin": origin, "host": HERE}),
    ):
        pass


@pytest.mark.parametrize("headers", [{}, {"origin": f"http://{HERE}"}])
def test_its_own_pages_are_answered(client: TestClient, headers: dict[str, str]) -> None:
    """And programs, which send no origin."""
    assert client.get("/_stcore/health", headers=headers).status_code != 403
