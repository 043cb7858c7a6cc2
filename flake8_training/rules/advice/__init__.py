"""The advice over one training script (TRN9xx). Each reports only what is certainly absent."""
