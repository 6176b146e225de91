"""Declare the compiled modules, which setup.cfg cannot; everything else is said there.

They are optional: where there is no C compiler, the installation goes on without them, and Python and numpy
stand in. Each has beside it the module that uses it and has its stand-in.
"""

from setuptools import Extension, setup

setup(
    ext_modules=[
        Extension(
            name,
            [f"{name.replace('.', '/')}.c"],
            depends=["index/codec/_numbers.h"],
            extra_compile_args=["-O3"],
            optional=True,
        )
        for name in (
            "index._pieces",
            "index._word_table",
            "index.articles._characters",
            "index.codec._kernels",
            "index.codec._packing",
            "search._scanning",
        )
    ]
)
