"""The rules over one launcher, builder or declaration (TRN2xx to TRN4xx)."""
