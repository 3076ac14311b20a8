"""What happens, one step a module, in the order of the promise: describe, apply, decide, sign, submit, check, reserve, execute, release, record."""
