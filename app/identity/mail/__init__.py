"""Letters to members, by SMTP where the park has set it up."""
