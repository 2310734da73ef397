"""Measurements against the bars (性能基准): `python -m bench [--only P6] [--size N]`.

Each case is a module of its own with `run(size, home) -> list[Row]`, imported once settings and models are ready. The
state lies in `var/bench/<size>/`: a home like any other, with its own embedded PostgreSQL, kept between runs.
"""
