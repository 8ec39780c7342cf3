"""A project's debt as numbers: levels, coverage, age, caps, reviews; and the badge that shows the level."""
