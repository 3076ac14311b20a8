"""How privacy is paid and noise is added: exact costs, sensitivity rules, the one door to OpenDP."""
