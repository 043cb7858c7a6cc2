"""The language server: diagnostics, fixes, hover and definitions for editors. ``protocol`` alone imports pygls."""
