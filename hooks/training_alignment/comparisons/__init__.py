"""What two artefacts say of one thing, set side by side, where more than one rule needs it."""
