"""Documents as the first schema's product wrote them, word for word."""

import json

POLICY = """\
apiVersion: datarange/v1
kind: ReleasePolicy
metadata: {name: 健康研究, dataset: health/hie}
openness: conditional
access: [algorithm]
grade: L3
privacy:
  unit: {column: person, max_rows: 5}
  accounting: zcdp
  budget: {epsilon: 4, delta: 1e-9}
  per_agreement: {epsilon: 2}
  per_submission: {epsilon: 1}
columns:
  site: {use: [group, filter], keys: ["1", "2"]}
purposes: [public-health-research]
"""

DATASET = (
    '[{"name":"health/hie","source":"health/hie","owner":"health","policy_digest":"'
    + "a" * 64
    + '","policy_text":'
    + json.dumps(POLICY, ensure_ascii=False)
    + ',"snapshot":{"id":"p1","created":"2026-11-01T08:00:00Z","commitment":"'
    + "b" * 64
    + '"}}]'
)
APPLICATION = (
    '[{"id":"b1","applicant":"研究员","dataset":"health/hie","purpose":"public-health-research",'
    '"scenario":"\\"state\\":\\"reserved\\"","safeguards":"g","starts":"2026-11-22",'
    '"ends":"2027-11-21","public_key":"k","received":"2026-11-22T12:00:00Z","state":"granted",'
    '"decided":"2026-11-22T12:00:00Z","decided_by":"s","reason":"r","agreement":"a1"}]'
)
AGREEMENT = (
    '[{"id":"a1","application":"b1","researcher":"研究员","researcher_key":"k","steward":"s",'
    '"site_key":"sk","clauses":{"datasets":["health/hie"],"purpose":"public-health-research",'
    '"scenario":"s","safeguards":"g","starts":"2026-11-22","ends":"2027-11-21","disposal":"d",'
    '"feedback":"f"},"digest":"' + "c" * 64 + '","site_signature":"sig",'
    '"offered":"2026-11-22T12:00:00Z","researcher_signature":"sig",'
    '"signed":"2026-11-22T13:00:00.000001Z","state":"in_force"}]'
)
PRINCIPAL = '[{"name":"研究员","role":"researcher","created":"2026-11-22T12:00:00Z"}]'
OPENING = '["AP8="]'


def submission(name: str, state: str, answer: str = "null", release: str = "null") -> str:
    """Write a submission."""
    return (
        f'[{{"id":"{name}","researcher":"研究员","agreement":"a1","snapshot":"p1",'
        '"cost":{"rho":"3/8","delta":"1/1000000000","epsilon":null},'
        f'"submitted":"2026-11-22T14:00:00Z","debit":7,"state":"{state}",'
        f'"answer":{answer},"release":{release}}}]'
    )
