"""What happens, one step a module, in the order of the promise.

describe, apply, decide, sign; then for each question submit, check, reserve, execute, release,
record (`ask` is the whole way). A step takes a `Site` and whoever is signed in, and either
happens wholly or not at all.
"""
