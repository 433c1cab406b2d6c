"""Logs as JSON lines; only named values are logged, so that nobody's address slips in."""

from __future__ import annotations

import logging

import structlog

from app.settings import Settings


def start_logs(settings: Settings) -> None:
    """Sets the one form of log lines for this process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[settings.log_level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(),
    )
