"""Who may call: organisations, their users, and the API keys that stand for them."""
