"""One parsed program: nodes, parents, scopes, bindings, call sites and modules."""
