"""What `whypin init` proposes, and the texts of the files that it writes; nothing here reads or writes any."""
