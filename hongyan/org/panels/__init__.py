"""What the pages of the organisation show, and what checkers decide by: rows in words, one file a subject."""
