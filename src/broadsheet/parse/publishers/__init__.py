"""Publishers: one declarative profile each, and the code that finds and applies it."""
