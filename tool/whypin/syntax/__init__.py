"""Text of known syntaxes to plain values with their places: encodings, YAML, TOML."""
