"""Live text: one Room per section proves, logs, applies, shows and acknowledges every edit."""
