"""One sheet: its picture, and the text layer, form values and codes that it carries."""
