"""From a build to what people download: a data package and a Hugging Face dataset, made of the same rows."""

from broadsheet.package.run import PackageFile, PackageReport, package

__all__ = ["PackageFile", "PackageReport", "package"]
