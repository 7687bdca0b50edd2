"""What the answers of a closed survey say: figures with their n and their sentences, and lines with breaks."""
