"""Addresses of the desks."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.views import LogoutView
from django.urls import path

from approvals.views import (
    acting,
    board,
    books,
    bulk,
    case,
    files,
    filing,
    household,
    login,
    me,
    money,
    notices,
    orders,
    passing,
    payments,
    people,
    projects,
    queue,
    sources,
)

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("login/", login.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("desks/<int:task>/claim/", queue.claim, name="claim"),
    path("desks/<int:task>/release/", queue.release, name="release"),
    path("desks/<int:task>/hand-over/", queue.hand_over, name="hand-over"),
    path("projects/", projects.projects, name="projects"),
    path("projects/new/", filing.new_project, name="project-new"),
    path("cases/<int:pk>/", case.case, name="case"),
    path("cases/<int:pk>/edit/", filing.edit, name="edit"),
    path("cases/<int:pk>/acts/<slug:name>/", acting.act, name="act"),
    path("cases/<int:pk>/open/<slug:kind>/", acting.open_case, name="open"),
    path("cases/<int:pk>/files/<int:attachment>/", files.download, name="file"),
    path("cases/<int:pk>/money/", books.case_money, name="case-money"),
    path("cases/<int:pk>/money.pdf", books.case_money_pdf, name="case-money-pdf"),
    path("cases/<int:pk>/board.pdf", board.board_pdf, name="case-board"),
    path("money/", money.money, name="money"),
    path("money/balance.csv", money.balance_csv, name="money-csv"),
    path("money/sources/new/", sources.new, name="source-new"),
    path("money/sources/<int:pk>/", books.source, name="source"),
    path("money/sources/<int:pk>/acts/<slug:name>/", sources.act, name="source-act"),
    path("cases/<int:pk>/list/", household.lines, name="household-lines"),
    path("cases/<int:pk>/list/load/", household.load, name="household-load"),
    path("cases/<int:pk>/list/board/", household.board, name="household-board"),
    path("cases/<int:pk>/list/blank/", household.blank, name="household-blank"),
    path("cases/<int:pk>/urge/", passing.urge, name="urge"),
    path("cases/<int:pk>/copy/", passing.copy, name="copy"),
    path("copies/", passing.copies, name="copies"),
    path("copies/<int:pk>/read/", passing.copy_read, name="copy-read"),
    path("notifications/", notices.notifications, name="notifications"),
    path("notifications/read/", notices.read_all, name="notifications-read"),
    path("notifications/<int:pk>/read/", notices.read, name="notification-read"),
    path("notifications/settings/", notices.settings, name="notification-settings"),
    path("notifications/mails/", notices.mail_log, name="mail-log"),
    path("orders/", orders.orders, name="orders"),
    path("orders/orders.csv", orders.orders_csv, name="orders-csv"),
    path("people/", people.people, name="people"),
    path("me/posts/", me.my_posts, name="my-posts"),
    path("me/posts/<int:pk>/take-back/", me.take_back, name="take-back"),
    path("payments/", payments.payments, name="payments"),
    path("payments/make/", payments.make_file, name="payment-make"),
    path("payments/<int:pk>/", payments.payment_file, name="payment-file"),
    path("payments/<int:pk>/take-out/", payments.take_out, name="payment-take-out"),
]
if settings.DEMO:
    urlpatterns.append(path("login/as/", login.login_as, name="login-as"))
