"""Messages to members, kept as codes and told in the reader's language."""
