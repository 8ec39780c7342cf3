"""Drafts of decision records from what a team already wrote: comments, commits and the rules of its bots."""
