"""The rules: one class a rule, one module a rule, named after its code. ``registry`` finds them."""
