"""What a collection of files holds, before there is a project; and the project to make of it."""

from broadsheet.inspect.look import How, look
from broadsheet.inspect.scaffold import make_project, refuse_project
from broadsheet.inspect.tally import PER_FILE, Group, Tally, by_size

__all__ = ["PER_FILE", "Group", "How", "Tally", "by_size", "look", "make_project", "refuse_project"]
