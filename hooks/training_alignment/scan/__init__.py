"""The cheap look at bytes: which files can be artefacts or launchers, and who names whom.

It chooses what is read. It never silences a rule.
"""
