"""The auditor's desk beyond the record itself: pages that need the law to read it. They only read, except flags."""
