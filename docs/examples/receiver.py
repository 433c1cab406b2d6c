"""A membership store in forty lines: takes Dangol's hand-offs and keeps points in a file.

Run it with `STORE_SECRET=whsec_... python receiver.py 8080`, after `pip install standardwebhooks`.
"""

import json
import os
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

WEBHOOK = Webhook(os.environ["STORE_SECRET"])
STORE = sqlite3.connect(os.environ.get("STORE_FILE", "store.db"), isolation_level=None)
STORE.execute("CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY, who TEXT, points INTEGER)")


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 once an event is kept, so that nothing is lost and nothing counts twice."""

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("content-length", 0)))
        try:
            WEBHOOK.verify(raw, dict(self.headers))  # over the bytes as they came
            event = json.loads(raw)
        except (WebhookVerificationError, ValueError):
            self.send_response(401)
        else:
            points = event["data"]["order"]["total"]["amount"] // 100
            sign = -1 if event["type"] == "order.refunded" else 1
            row = (event["id"], event["data"]["contact"]["id"], sign * points)
            STORE.execute("INSERT INTO seen VALUES (?, ?, ?) ON CONFLICT DO NOTHING", row)
            self.send_response(204)
        self.end_headers()


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
