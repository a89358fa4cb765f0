"""The branch gateway: facts to calls, KPIs, lights and reports."""
