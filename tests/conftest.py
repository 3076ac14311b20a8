"""What holds for every test: Hypothesis judges results, not how busy the machine is."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "gate", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("gate")
