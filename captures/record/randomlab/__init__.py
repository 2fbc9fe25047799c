"""The random lab: situations nobody wrote down, composed from seeded draws. See captures/README.md."""
