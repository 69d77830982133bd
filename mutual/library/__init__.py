"""The curated documents: one Markdown file a document, one section a passage."""
