"""The quarter of shared instruments as 国科发基〔2017〕289 asks managing units to report it: hours, shares, income."""
