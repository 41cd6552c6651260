"""Who made the dataset and how it is cited: CITATION.cff, and the BibTeX entry of the Croissant file."""

import re
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any, Final

from broadsheet.package.describe import Content, license_name, without_nulls
from broadsheet.project import Contributor, Project

CFF: Final = "1.2.0"
MESSAGE: Final = "If you use this dataset, please cite it as below."
AUTHORS: Final = frozenset({"author", "creator"})
CONTACTS: Final = frozenset({"contact", "contactperson", "contactpoint", "maintainer"})
# CFF takes SPDX ids only, and has an address for all other licences. These are the ones data and texts are under.
SPDX: Final = frozenset(
    {"CC0-1.0", "PDDL-1.0", "ODC-By-1.0", "ODbL-1.0", "CDLA-Permissive-1.0", "CDLA-Permissive-2.0", "CDLA-Sharing-1.0",
     "C-UDA-1.0", "O-UDA-1.0", "OGL-UK-1.0", "OGL-UK-2.0", "OGL-UK-3.0", "etalab-2.0", "GFDL-1.3-or-later",
     "Apache-2.0", "MIT", "Unlicense"}
    | {f"CC-BY{kind}-{version}" for kind, version in product(
        ("", "-NC", "-ND", "-SA", "-NC-ND", "-NC-SA"), ("1.0", "2.0", "2.5", "3.0", "4.0"))}
)  # fmt: skip
ORCID: Final = re.compile(r"https?://orcid\.org/([0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X])/?")
URL: Final = re.compile(r"(https?|s?ftp)://\S+")
EMAIL: Final = re.compile(r"\S+@\S+\.\S{2,}")
DOI: Final = re.compile(
    r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.[0-9]{4,9}(?:\.[0-9]+)?/[A-Za-z0-9:/_;.()\[\]\\-]+)"
)
DAY: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(?![0-9])")
BREAKS: Final = re.compile("[\x85\u2028\u2029]")
TEX: Final = {**{c: f"\\{c}" for c in "&%$#_{}"}, "\\": r"\textbackslash{}", "~": r"\~{}", "^": r"\^{}"}


def citation_file(content: Content) -> str:
    """CITATION.cff of the dataset: https://citation-file-format.github.io, version 1.2.0."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Texts of several lines as blocks, and quotes around what PyYAML writes bare and reads as a line break."""

    def write(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
        style = '"' if BREAKS.search(text) else "|" if "\n" in text else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)

    Dumper.add_representer(str, write)
    return yaml.dump(_citation(content), Dumper=Dumper, allow_unicode=True, sort_keys=False, width=120)


def _citation(content: Content) -> dict[str, Any]:
    project = content.project
    name, address = _license(project)
    return without_nulls(
        {
            "cff-version": CFF,
            "message": MESSAGE,
            "type": "dataset",
            "title": project.title,
            "abstract": project.description.strip(),
            "authors": _unique(_agent(person) for person in authors(project)) or [{"name": maintainers(project)}],
            "contact": _unique(_agent(person) for person in _with_role(project, CONTACTS)),
            "version": project.version,
            "date-released": day(content),
            "doi": doi(project),
            "license": name,
            "license-url": address,
            "url": address_of(project.homepage),
            "keywords": list(dict.fromkeys(word for word in project.keywords if word)),
        }
    )


def authors(project: Project) -> list[Contributor]:
    """The contributors to cite: authors and creators if any is called so, else all that have a name."""
    return _with_role(project, AUTHORS) or [person for person in project.contributors if full_name(person)]


def maintainers(project: Project) -> str:
    """Whom to cite where the descriptor names nobody."""
    return f"The maintainers of {project.title}"


def is_person(person: Contributor) -> bool:
    """Whether a contributor surely is a person; a title alone may name anybody."""
    return bool(person.given_name or person.family_name or orcid(person))


def full_name(person: Contributor) -> str:
    """The name as it is to be cited; may be empty."""
    return person.title or " ".join(filter(None, (person.given_name, person.family_name)))


def orcid(person: Contributor) -> str | None:
    """The ORCID iD, as an address, if the contributor's path is one."""
    found = ORCID.fullmatch(person.path or "")
    return f"https://orcid.org/{found[1]}" if found else None


def address_of(path: str | None) -> str | None:
    """A path if it is an address of the web."""
    return path if path and URL.fullmatch(path) else None


def doi(project: Project) -> str | None:
    """The DOI, if `id` of the descriptor is one."""
    found = DOI.fullmatch(project.id or "")
    return found[1] if found else None


def day(content: Content) -> str | None:
    """The day of the release, as far as `created` says one."""
    found = DAY.match(content.created or "")
    return found[0] if found else None


def bibtex(content: Content) -> str:
    """The dataset as a BibTeX entry."""
    project = content.project
    names = [f"{{{_tex(full_name(person))}}}" for person in authors(project)] or [f"{{{_tex(maintainers(project))}}}"]
    entries = {
        "author": " and ".join(names),
        "title": f"{{{_tex(project.title)}}}",
        "version": _tex(project.version),
        "year": (day(content) or "")[:4],
        "doi": doi(project),
        "url": address_of(project.homepage),
    }
    listed = "".join(f",\n  {key} = {{{value}}}" for key, value in entries.items() if value)
    return f"@misc{{{project.name}{listed}\n}}"


def _with_role(project: Project, roles: frozenset[str]) -> list[Contributor]:
    return [
        person
        for person in project.contributors
        if full_name(person) and roles & {role.replace("-", "").lower() for role in person.roles}
    ]


def _agent(person: Contributor) -> dict[str, Any]:
    """A person where the descriptor parts the name, else what CFF calls an entity: it may be anybody."""
    parted = person.given_name or person.family_name
    identity = orcid(person)
    own = (
        {
            "family-names": person.family_name,
            "given-names": person.given_name,
            "affiliation": person.organization,
        }
        if parted
        else {"name": full_name(person)}
    )
    email = person.email if person.email and EMAIL.fullmatch(person.email) else None
    website = None if identity else address_of(person.path)
    return without_nulls({**own, "email": email, "orcid": identity, "website": website})


def _license(project: Project) -> tuple[str | list[str] | None, str | None]:
    """SPDX id or ids, and the address where there is none."""
    names = list(dict.fromkeys(entry.name for entry in project.licenses if entry.name in SPDX))
    if names and len(names) == len(project.licenses):
        return (names[0] if len(names) == 1 else [name for name in names if name]), None
    addresses: Iterator[str | None] = (address_of(license_name(entry)[1]) for entry in project.licenses)
    return None, next(filter(None, addresses), None)


def _unique(agents: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    found.extend(agent for agent in agents if agent not in found)
    return found


def _tex(text: str) -> str:
    return "".join(TEX.get(char, char) for char in " ".join(text.split()))
