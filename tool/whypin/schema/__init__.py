"""Tables of fields: one table gives the parser, the JSON Schema and the reference page."""
