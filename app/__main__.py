"""`python -m app` is `dangol`."""

from app.cli import main

main()
