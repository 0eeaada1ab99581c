"""Every address of the pages. `page` refuses a view that does not say who it is for."""

from __future__ import annotations

from office.access import page
from office.views import earnings, home, joining, paid, pulse, signing_in, team, why

urlpatterns = [
    page("", home.home, "home"),
    page("live/pulse/", pulse.pulse, "pulse"),
    page("live/pulse/<str:token>/", pulse.own_pulse, "own-pulse"),
    page("live/banner/", home.banner, "banner"),
    page("live/<str:mark>/", home.live_figures, "live-figures"),
    page("sign-in/", signing_in.sign_in, "sign-in"),
    page("sign-out/", signing_in.sign_out, "sign-out"),
    page("account/", home.account, "account"),
    page("account/password/", signing_in.change_password, "password"),
    page("orders/", home.own_orders, "orders"),
    page("earnings/", earnings.by_period, "earnings"),
    page("earnings/<str:kind>/<str:label>/", earnings.one_period, "period"),
    page("earnings/<str:kind>/<str:label>/why/", why.lines, "lines"),
    page("earnings/<str:kind>/<str:label>/not-earned/", why.not_earned, "missed"),
    page("earnings/<str:kind>/<str:label>/volume/", earnings.volume, "volume"),
    page("earnings/<str:kind>/<str:label>/volume/<str:name>/", earnings.volume, "volume-named"),
    page(
        "earnings/<str:kind>/<str:label>/why/<int:bonus>/<int:level>/",
        why.level_lines,
        "level-lines",
    ),
    page("team/", team.downline, "team"),
    page("team/list/", team.as_list, "team-list"),
    page("team/<str:code>/", team.downline, "team-of"),
    page("team/<str:code>/rows/", team.rows, "team-rows"),
    page("link/", joining.link, "link"),
    page("link/qr.svg", joining.link_as_qr, "link-qr"),
    page("r/<str:code>/", joining.referral, "referral"),
    page("join/", joining.join, "join"),
    page("agreement/", joining.become_distributor, "agreement"),
    page("how-we-are-paid/", paid.how_we_are_paid, "how-we-are-paid"),
]
