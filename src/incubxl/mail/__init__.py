"""Outbox, SMTP and drafts: frozen mails that are never sent twice."""
