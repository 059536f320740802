"""The dashboard, and the one process that receives, stores and shows decisions."""

from __future__ import annotations

from trainingloop.analytics_app._serve import DASHBOARD_PORT, Served, serve

__all__ = ["DASHBOARD_PORT", "Served", "serve"]
