"""The design system: base page, components, lists and record pages; it knows no business noun."""
