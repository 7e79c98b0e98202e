"""Submissions and catalogs made up for the store's tests."""

from __future__ import annotations

import hashlib
from typing import Any

from offline_store import NewSubmission


def submission(name: str, sealed: bytes = b"sealed bytes") -> NewSubmission:
    return NewSubmission(
        submission_id=f"submission-{name}",
        receipt_number=f"YM-{name}",
        service_code="11220100A90100YM3N3000114001001",
        service_name={"zh": "参保证明", "en": "Certificate", "ko": "증명"},
        language="zh",
        digest=hashlib.sha256(sealed).hexdigest(),
        sealed=sealed,
        receipt_qr=f"YIMEN1:YM-{name}",
        created="2026-11-23T09:00:00+08:00",
    )


def bundle(version: str, *names: str) -> dict[str, Any]:
    return {
        "version": version,
        "groups": [{"id": "all", "name": {"zh": "全部", "en": "All", "ko": "전체"}}],
        "services": [
            {
                "code": f"code-{name}",
                "group": "all",
                "name": {"zh": name, "en": f"Service {name}", "ko": "서비스"},
                "department": {"zh": "公安局", "en": "Police", "ko": "공안국"},
                "audience": ["person"],
                "popularity": 100 - rank,
            }
            for rank, name in enumerate(names)
        ],
    }
