"""The second opinion: a question evaluated row by row, beside the SQL that was compiled for it."""
