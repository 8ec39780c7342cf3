"""`python -m whypin`."""

from whypin.cli import main

main()
