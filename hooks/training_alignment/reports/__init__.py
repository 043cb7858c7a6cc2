"""How findings and facts are shown: a module a form."""
