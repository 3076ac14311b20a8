"""How privacy is paid and noise is added: costs, sensitivity rules, the one door to OpenDP."""
