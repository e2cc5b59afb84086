"""What terms mean: one module for each algebra, the Protocol they meet in ``base``."""
