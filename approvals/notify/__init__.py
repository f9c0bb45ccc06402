"""Who is told what, and when: notifications in the app, one mail a day, and mail at once for what cannot wait.

Nothing here is law: all of it can be lost without loss of right, and no act waits for it. A desk is laid
in the act's own transaction; the postman reads later what has been laid (`postman`), writes a notification
to each person concerned (`letters`), and the outbox carries mail away (`outbox`).
"""
