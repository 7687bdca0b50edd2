"""What firms say their research cost before and costs now, and what sharing, licences and credits saved of it."""
