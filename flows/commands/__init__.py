"""The commands, one module a group; each holds a Typer ``app`` and is imported when called."""
