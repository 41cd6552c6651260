"""What a collection of files holds, before there is a project; and the project to make of it."""

from broadsheet.inspect.look import Group, look
from broadsheet.inspect.scaffold import make_project, refuse_project

__all__ = ["Group", "look", "make_project", "refuse_project"]
