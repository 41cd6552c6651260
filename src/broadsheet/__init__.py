"""Broadsheet: collected news files in, a published dataset people can trust out."""

__version__ = "0.1.0"
