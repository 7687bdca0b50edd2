"""The investment report, as a workbook and on paper."""
