"""The workflow a new project gets: what GitHub runs for every change of the corpus."""

from typing import Final

from broadsheet import __version__

PATH: Final = ".github/workflows/check.yml"
WORKFLOW: Final = """\
# Builds what changed, checks everything, and shows findings on the lines of the pull request.
# GitHub looks for this file at the root of the repository only: if the corpus is a folder of it, move the file there,
# and write the folder behind `check` and before `build`, `schemas` and `sources`.
name: check

on:
  push:
    branches: [main]
  pull_request:

permissions:
  contents: read

jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
          # fetch-depth: 0  # for --against git:TAG below: without it there are no tags

      - uses: actions/setup-python@v5
        with:
          python-version: "3.11"

      # What was built last time; only files that changed since are read again.
      - uses: actions/cache@v4
        with:
          path: build
          key: broadsheet-<VERSION>-${{ hashFiles('*.yaml', 'schemas/**', 'sources/**') }}
          restore-keys: broadsheet-<VERSION>-

      # One version, so that the same files give the same bytes next year. From git instead of a package index:
      #   python -m pip install "broadsheet @ git+https://github.com/OWNER/broadsheet@v<VERSION>"
      - name: Install
        run: python -m pip install --disable-pip-version-check "broadsheet==<VERSION>"

      # Seconds: descriptor and schemas. Add `--against git:TAG` to name what changes since a release.
      - name: Schemas
        run: python -m broadsheet check --schema-only --format github

      - name: Corpus
        run: python -m broadsheet check --format github
""".replace("<VERSION>", __version__)
