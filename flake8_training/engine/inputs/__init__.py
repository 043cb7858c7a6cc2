"""What a program receives from outside: command-line options and environment variables."""
