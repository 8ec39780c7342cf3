"""Configuration: `[tool.whypin]` in pyproject.toml, or whypin.toml."""
