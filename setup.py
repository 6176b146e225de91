"""Declare the one compiled module, which setup.cfg cannot; everything else is said there.

It is optional: where there is no C compiler, the installation goes on without it, and numpy stands in
(index/codec/kernels.py).
"""

from setuptools import Extension, setup

setup(
    ext_modules=[
        Extension(
            "index.codec._kernels", ["index/codec/_kernels.c"], extra_compile_args=["-O3"], optional=True
        )
    ]
)
