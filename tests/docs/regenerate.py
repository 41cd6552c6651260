"""Write the generated parts of the documentation anew: the data dictionary, columns of findings, README's rows."""

import shutil
import tempfile
from pathlib import Path

from docs_pages import ROOT, findings_page, readme_page, run_broadsheet, sample_block, tables_page


def main() -> None:
    (ROOT / "docs" / "tables.md").write_text(tables_page(), "utf-8")
    findings = ROOT / "docs" / "findings.md"
    findings.write_text(findings_page(findings.read_text("utf-8")), "utf-8")
    readme = ROOT / "README.md"
    with tempfile.TemporaryDirectory() as folder:
        project = copy_project(Path(folder))
        run_broadsheet(["build", "-C", str(project)])
        readme.write_text(readme_page(readme.read_text("utf-8"), sample_block(project)), "utf-8")


def copy_project(folder: Path) -> Path:
    """The project of this repository without what was built of it."""
    shutil.copy2(ROOT / "datapackage.yaml", folder)
    for name in ("sources", "schemas"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


if __name__ == "__main__":
    main()
