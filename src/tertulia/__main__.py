"""`python -m tertulia` is the command `tertulia`. Nothing else belongs here."""

from tertulia.cli.main import main

if __name__ == "__main__":
    main()
