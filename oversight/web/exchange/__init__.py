"""Plans as files in the browser and through the API: brought, looked at, taken in, given out."""
