"""Names and texts as SQL of DuckDB writes them: the only two ways by which anything gets into a query."""


def quoted(name: str) -> str:
    """A name: of a table, a view or a column."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """A text; a zero byte, which cannot stand in a query, is put in by its number."""
    return "'" + value.replace("'", "''").replace("\0", "' || chr(0) || '") + "'"
