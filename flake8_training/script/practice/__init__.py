"""What careful training scripts do: the facts behind the advice. Each is told only where its absence is certain."""
