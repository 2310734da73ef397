"""How gunicorn serves: threads in few processes, since requests often wait for the database."""

from __future__ import annotations

import os

wsgi_app = "hongyan.config.wsgi:application"
bind = f"{os.environ.get('HONGYAN_BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "hongyan.config.unread.Worker"
workers = min(os.cpu_count() or 2, 4)
threads = 8
timeout = 60  # seconds
graceful_timeout = 5  # seconds: Ctrl-C ends everything quickly
keepalive = 15  # seconds
max_requests = 20_000
max_requests_jitter = 2_000
limit_request_line = 4094  # bytes: the longest saved view is 2,000 characters
limit_request_fields = 60
limit_request_field_size = 8190  # bytes
control_socket_disable = True
proc_name = "hongyan"
accesslog = None  # addresses hold customer codes; what matters is in the audit
errorlog = "-"
loglevel = "warning"
