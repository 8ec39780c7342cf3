"""The history of locked versions: what git prints becomes values; nothing here calls git or reads the disk."""
