"""A small dataset with a hostile title, and rows whose values must never be seen again."""

POLICY = """
apiVersion: datarange/v1
kind: ReleasePolicy
metadata:
  name: clinic
  dataset: town/clinic
  title: "<script>alert('title')</script> & Visits"
  title_zh: "<b>就诊</b>记录"
  description: "{{ 7*7 }} \\"><img src=x onerror=alert(1)>"
  keywords: [visits, 就诊]
  theme: "<b>health</b>"
  contact: town hall
openness: conditional
access: [algorithm]
grade: L1
privacy:
  unit: {column: person, max_rows: 2}
  accounting: zcdp
  budget: {epsilon: 10, delta: 1e-9}
  per_agreement: {epsilon: 2}
  per_submission: {epsilon: 1}
columns:
  person: {use: []}
  site: {use: [group, filter], keys: [north, south], openness: conditional}
  age: {use: [filter], bounds: [0, 99], openness: conditional, description: "<i>years</i>"}
  cost: {use: [measure], bounds: [0, 20000000], resolution: 0.01, openness: conditional}
  name: {use: []}
lanes:
  query: {release: automatic}
purposes: [research, teaching]
timing: {quantum: 20ms}
"""
TRANCHE = """\
  emergency:
    epsilon: 1
    questions:
      - {name: visits, sql: SELECT COUNT(*) FROM ward, epsilon: 0.2}
      - name: visits-by-age
        sql: SELECT site, COUNT(*) FROM ward WHERE age >= 60 GROUP BY site
        parameters: [age]
        epsilon: 0.5
"""
WARD = POLICY.replace("town/clinic", "town/ward").replace(
    "  per_submission: {epsilon: 1}\n",
    """\
  per_submission: {epsilon: 1}
  per_person: {epsilon: 3}
  per_period: {day: 4, quarter: 8}
"""
    + TRANCHE,
)
"""The same rows over people of their own, with every kind of cap, and questions for emergencies."""
IN_STEPS = "1815162342"
"""18151623.42 as the engine sees it, in steps of 0.01."""
CANARIES = (
    *("Zanzibar", "Quetzal", "Xylophone"),
    *("18151623.42", IN_STEPS, "77777777777", "91391391"),
)
"""In the rows of CSV: a person, a closed text, an undeclared key, numbers within and without."""
CSV = (
    "person,site,age,cost,name\n"
    + "".join(f"p{n // 2},{'north' if n % 3 else 'south'},{n % 90},{n}.5,n{n}\n" for n in range(60))
    + "Zanzibar,north,41,18151623.42,Quetzal\n"
    + "Zanzibar,Xylophone,91391391,77777777777,Quetzal\n"
)
