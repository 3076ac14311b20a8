"""Where rows come from: one Protocol, one conformance suite, one module a source."""
