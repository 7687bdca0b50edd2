"""One look for every document on paper: say what stands on it (`document`), and `press` sets it as PDF/UA."""
