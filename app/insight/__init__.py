"""Insight 洞察: how satisfied firms are, dimension by dimension, and how sure the park can be of it.

Main words: Dimension (维度), Series (月度序列) of a dimension and layer, Alert (预警) with its life, Index (指数),
Theme (主题) of a Codebook (编码本), Forecast (预测) with its back-test. Missing is never zero: a month is available
or it is not, and says why.

Start reading at `scores/rules.py`, then `alerts/rules.py` (what fell twice), `themes/rules.py` and `forecast/rules.py`.
"""
