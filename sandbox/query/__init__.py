"""The query lane: SQL or builder, compiled to a plan, estimated from noisy integers.

A question takes this way: `syntax` reads text, `sql` and `builder` turn it into one `Asked`,
`compile` checks it against the public schema and makes a `Plan`, `touched` says which parts of the
people it is about, `parts` which exact sums it needs, and `estimate` turns their noisy values into
an answer. Nothing here sees a row.
"""
