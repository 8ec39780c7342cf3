"""Advisories in the OSV format: from an export to a compact index, and from that to what it says of the locks."""
