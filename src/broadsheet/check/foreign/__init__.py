"""Packages of others: files of many forms read as text, typed by their own schema, judged by queries as ours are."""

from broadsheet.check.foreign.resources import check_foreign

__all__ = ["check_foreign"]
