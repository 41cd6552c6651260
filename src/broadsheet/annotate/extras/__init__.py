"""Annotators built on libraries that are not installed by default; chosen by name in `datapackage.yaml`."""
