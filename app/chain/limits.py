"""Every limit of this room, once, each with its reason."""

from __future__ import annotations

#: Fewer firms than this on a segment, and a sum over them would tell what one of them makes.
LEAST_FIRMS = 3
#: Results of so many data versions are kept in memory, over all chains.
KEPT_VERSIONS = 24
#: More firms than this would keep a reader waiting for over a second: their risk is worked out behind the page.
RISK_AT_ONCE = 600
#: Risk ranges of so many what-ifs of one data version are remembered.
RISK_WISHES = 64
#: A prospect that nobody touched for so long is shown as stalled.
STALLED_AFTER_DAYS = 14
#: A gap that grows by less than this share is no news.
WORSE_BY_RATIO = 0.05
#: Rows of a what-if: more cannot be compared by a person.
WHAT_IF_ROWS = 60
#: Yearly amounts in 10,000 yuan that a form takes: no firm makes more, and sums of them stay exact enough.
LARGEST_AMOUNT_WAN = 1e12
#: A yearly amount that two firms agree on.
LARGEST_DEAL_WAN = 1e9
#: Segments told of one by one after one change of the data; more nobody reads, and all stand on the page of alerts.
MOST_NEWS = 50
#: Rows of one import over all its tables: what is stored or replaced well within a second, while every other writer waits.
MOST_ROWS = 7_500
#: Segments of one import: the national classification has 1,400 classes.
MOST_SEGMENTS = 1_500
#: Graph files are read whole.
LARGEST_GRAPH_BYTES = 64 * 1024 * 1024
#: What is searched for in the makers search.
LONGEST_QUERY = 100
#: Rows that a page shows at once; the rest is a page further, or found by searching.
ROWS_PER_PAGE = 50
FIRMS_PER_PAGE = 30
#: Firms of one park that a list orders in memory; the largest parks of the country have fewer.
MOST_PARK_FIRMS = 20_000
BOARD_COLUMN = 30
WHAT_IF_FIRMS = 200
WHAT_IF_PROSPECTS = 100
FIRMS_TO_PICK = 500
REPORT_FITS = 40
#: A plan of recruiting stops proving after so long: its page waits no longer.
PLAN_SECONDS = 8.0
FRONT_FIRMS = (
    60  # up to so many candidates the whole front is worked out even where fewer firms are asked for
)
