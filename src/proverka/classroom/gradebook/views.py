"""The views: which score counts, which hand-in counts, and what it comes to. The same text in both databases."""

from __future__ import annotations

from proverka.classroom.model import SCORED, HandInState

_SCORED = ", ".join(f"'{each}'" for each in sorted(SCORED))

#: Of each response, the score in the latest run that is finished and has one.
CURRENT_SCORES = """
CREATE VIEW current_scores AS
SELECT s.* FROM scores s
WHERE s.run = (
  SELECT MAX(o.run) FROM scores o JOIN runs u ON u.id = o.run
  WHERE o.response = s.response AND u.finished IS NOT NULL)
"""

#: A file that came again under another name counts from when it first came (“first_at”); which hand-in is
#: the last is told by when it last came (“last_at”).
HANDIN_GRADES = f"""
CREATE VIEW handin_grades AS
SELECT h.*,
  CASE WHEN h.state IN ({_SCORED}) AND h.scored = h.responses AND h.waiting = 0 THEN h.points * h.factor END AS grade
FROM (
  SELECT d.*,
    CASE WHEN d.closed = 1 THEN 0.0
      WHEN d.days_late * a.per_day > a.at_most THEN 1.0 - a.at_most
      ELSE 1.0 - d.days_late * a.per_day END AS factor
  FROM (
    SELECT t.*,
      CASE WHEN t.first_at > p.due THEN (t.first_at - p.due + 86399) / 86400 ELSE 0 END AS days_late,
      CASE WHEN t.first_at > p.closes THEN 1 ELSE 0 END AS closed
    FROM (
      SELECT n.*,
        MIN(n.at) OVER (PARTITION BY n.assignment, n.student, n.digest) AS first_at,
        MAX(n.at) OVER (PARTITION BY n.assignment, n.student, n.digest) AS last_at
      FROM (
        SELECT i.id AS handin, i.assignment, i.student, i.file, i.digest, i.at, i.state, i.reason, i.receipt,
          COUNT(r.id) AS responses,
          COUNT(c.response) AS scored,
          COALESCE(SUM(CASE WHEN c.state = 'waiting' THEN 1 ELSE 0 END), 0) AS waiting,
          COALESCE(SUM(CASE WHEN c.doubtful THEN 1 ELSE 0 END), 0) AS doubtful,
          SUM(c.points) AS points,
          SUM(c."of") AS "of"
        FROM handins i
        LEFT JOIN responses r ON r.handin = i.id
        LEFT JOIN current_scores c ON c.response = r.id
        GROUP BY i.assignment, i.id
      ) n
    ) t
    JOIN assignments p ON p.id = t.assignment
  ) d
  JOIN assignments a ON a.id = d.assignment
) h
"""

#: What came after closing counts only if nothing came before, and what cannot be scored only if nothing else came.
#: Two halves rather than an outer join, into which SQLite would not carry the assignment that is asked for.
GRADES = f"""
CREATE VIEW grades AS
SELECT g.assignment, g.student, s.name, s.email, s.lms,
  CASE WHEN g.state NOT IN ({_SCORED}) THEN g.state
    WHEN g.scored < g.responses THEN 'not graded yet'
    WHEN g.waiting > 0 THEN 'waiting'
    ELSE 'graded' END AS state,
  g.handin, g.points, g."of", g.days_late, g.factor, g.grade, g.doubtful,
  g.first_at AS at, g.file, g.receipt, g.reason
FROM (
  SELECT h.*,
    ROW_NUMBER() OVER (PARTITION BY h.assignment, h.student ORDER BY
      CASE WHEN h.state IN ({_SCORED}) THEN 0 ELSE 1 END,
      h.closed,
      CASE a.counts WHEN 'last' THEN -h.last_at WHEN 'first' THEN h.first_at ELSE 0 END,
      CASE WHEN a.counts <> 'best' THEN 0 WHEN h.grade IS NULL THEN 1 ELSE -h.grade END,
      CASE a.counts WHEN 'last' THEN -h.handin ELSE h.handin END) AS place
  FROM handin_grades h
  JOIN assignments a ON a.id = h.assignment
  WHERE h.state <> '{HandInState.DUPLICATE}'
) g
JOIN rosters r ON r.assignment = g.assignment AND r.student = g.student
JOIN students s ON s.id = g.student
WHERE g.place = 1
UNION ALL
SELECT r.assignment, r.student, s.name, s.email, s.lms, 'nothing handed in',
  NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM rosters r
JOIN students s ON s.id = r.student
WHERE NOT EXISTS (
  SELECT 1 FROM handins i
  WHERE i.student = r.student AND i.assignment = r.assignment AND i.state <> '{HandInState.DUPLICATE}')
"""

VIEWS = (CURRENT_SCORES, HANDIN_GRADES, GRADES)
