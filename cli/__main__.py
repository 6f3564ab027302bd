"""`python -m cli` is `customs`."""

from cli.main import app

app(prog_name="customs")
