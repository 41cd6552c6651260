"""The `version:` line of datapackage.yaml, changed in place: comments, order and all other bytes stay."""

import re
from pathlib import Path
from typing import Any, Final

from broadsheet.engine.disk import told, write
from broadsheet.findings import error
from broadsheet.project import DESCRIPTOR
from broadsheet.schema.strict_yaml import Yaml, parse_yaml

LINE: Final = re.compile(r"""(version[ \t]*:[ \t]*)("[^"]*"|'[^']*'|[^\s#"']*)([ \t]*(?:[ \t]#.*)?\r?)""")


def version_line(root: Path) -> int | None:
    """The line `version:` stands on, from 1; None if there is none."""
    yaml = _parsed(_text(root / DESCRIPTOR))
    return yaml.line("version") if "version" in yaml.value else None


def set_version(root: Path, version: str) -> None:
    """Write a version into the descriptor of a project, whole or not at all.

    Raises:
        BroadsheetError: `value-invalid` if the line is written in a way that is not understood here; `write-failed`.
    """
    file = (root / DESCRIPTOR).resolve()  # a link stays one
    text = _text(file)
    data = edited(text, version).encode()
    write(file, lambda stream: stream.write(data))


def edited(text: str, version: str) -> str:
    """The text of a descriptor with another version.

    Raises:
        BroadsheetError: `value-invalid` if that would change anything else, or nothing.
    """
    yaml = _parsed(text)
    if yaml.value.get("version") == version:
        return text
    lines = text.split("\n")
    if "version" in yaml.value:
        at = (yaml.line("version") or 1) - 1
        match = LINE.fullmatch(lines[at])
        if match:
            quote = match[2][:1] if match[2][:1] in ("'", '"') else ""
            space = "" if match[1].endswith((" ", "\t")) else " "
            lines[at] = f"{match[1]}{space}{quote}{version}{quote}{match[3]}"
    else:  # a line before a key of the top never lies inside a value
        at = (yaml.line("name") or 1) - 1
        lines.insert(at, f"version: {version}" + ("\r" if lines[at].endswith("\r") else ""))
    new = "\n".join(lines)
    wanted = {**yaml.value, "version": version}
    if _reread(new) != wanted:
        message = f"the version cannot be changed here without touching more; write `version: {version}` by hand"
        raise error("value-invalid", message, path=DESCRIPTOR, line=at + 1, field="version")
    return new


def _reread(text: str) -> Any:
    return _parsed(text).value


def _parsed(text: str) -> Yaml:
    return parse_yaml(text, DESCRIPTOR)


def _text(file: Path) -> str:
    with told(file):
        return file.read_bytes().decode("utf-8")
