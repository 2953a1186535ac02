"""Rapporteur: subgroups draft, the plenary consolidates, every change stays traceable."""
