"""Decision records: YAML text to a Record, or to problems each of which knows its place."""
