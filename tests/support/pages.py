"""Runs the dashboard's pages without a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from streamlit.testing.v1 import AppTest

from trainingloop.analytics_app._streamlit_app import SCRIPT
from trainingloop.store.errors import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.store import Table

_TIMEOUT_S = 30


class FailingReads:
    """Reads of a store whose engine is gone."""

    def table(self, name: str, parameters: Mapping[str, object] | None = None) -> Table:
        """Refuse."""
        raise StoreUnavailableError("the store's engine refused: 210 NETWORK_ERROR")


class FailingStore:
    """A store that knows its tenants and cannot read anything else."""

    def reads(self, tenant: str) -> FailingReads:
        """The reads of any tenant, which fail."""
        return FailingReads()

    def tenants(self) -> list[str]:
        """One tenant."""
        return ["default"]


class UnreachableStore(FailingStore):
    """A store that cannot even name its tenants."""

    def tenants(self) -> list[str]:
        """Refuse."""
        raise StoreUnavailableError("the store's engine refused: 210 NETWORK_ERROR")


def open_page(page: str = "overview", /, **query: str) -> AppTest:
    """Return ``page`` as it stands under a query string, after its first run."""
    app = AppTest.from_file(SCRIPT, default_timeout=_TIMEOUT_S)
    app.query_params.update(query)
    app.run()
    if page == "overview":
        return app
    # A switch drops the query string, as a click on a link without one does.
    app.switch_page(f"app_pages/{page}.py")
    app.query_params.clear()
    app.query_params.update(query)
    return app.run()


def markup(app: AppTest) -> str:
    """Return all HTML that is on the page, but for the style sheet."""
    bodies = (str(cast("Any", element).proto.body) for element in app.get("html"))
    return "\n".join(body for body in bodies if not body.startswith("<style>"))


def told(app: AppTest) -> str:
    """Return everything a page says in words: HTML, headings, captions, boxes and code."""
    groups = (
        app.header,
        app.subheader,
        app.caption,
        app.markdown,
        app.text,
        app.code,
        app.error,
        app.warning,
        app.info,
    )
    words = [str(element.value) for group in groups for element in group]
    return "\n".join([*words, markup(app)])


def links(app: AppTest) -> list[str]:
    """Return the label and query string of each link to a page, such as ``Next?id=2``."""
    protos = [cast("Any", element).proto for element in app.get("page_link")]
    return [f"{proto.label}?{proto.query_string}" for proto in protos if not proto.disabled]
