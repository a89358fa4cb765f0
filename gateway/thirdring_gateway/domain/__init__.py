"""Pure numbers: facts to calls to KPIs to lights. Imports nothing of Django or MQTT."""
